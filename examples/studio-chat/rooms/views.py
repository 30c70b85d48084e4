from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404, get_object_or_404, redirect, render

from .forms import RoomForm
from .models import Message, Room

PAGE = 50


@login_required
def index(request):
    form = RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.made_by = request.user
        room = form.save()
        messages.success(request, f"{room} is open.")
        return redirect(room)
    rooms = Room.objects.annotate(said=Count("messages"), last=Max("messages__sent_at"))
    return render(request, "rooms/index.html", {"rooms": rooms, "form": form})


@login_required
def room(request, slug):
    found = get_object_or_404(Room, slug=slug)
    latest = found.messages.select_related("author").order_by("-pk")[:PAGE]
    return render(request, "rooms/room.html", {"room": found, "said": reversed(latest)})


async def missed(request, slug):
    """Messages after the one that was seen last, for a page whose socket was away."""
    user = await request.auser()
    if not user.is_authenticated:
        return JsonResponse({"error": "log in first"}, status=401)
    after = request.GET.get("after", "0")
    if not after.isdecimal():
        return JsonResponse({"error": "after is the number of a message"}, status=400)
    found = await aget_object_or_404(Room, slug=slug)
    messages = Message.objects.filter(room=found, pk__gt=int(after)).select_related("author")[:PAGE]
    return JsonResponse({"messages": [message.as_json() async for message in messages]})
