from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import ListView

from .forms import NoteForm
from .models import Note, Species
from .tasks import name_species


@method_decorator(login_not_required, name="dispatch")
class NoteList(ListView):
    context_object_name = "notes"
    paginate_by = 30

    def get_queryset(self):
        notes = Note.objects.visible_to(self.request.user)
        return notes.select_related("walker").prefetch_related("species")


@login_not_required
def detail(request, pk):
    note = get_object_or_404(Note.objects.visible_to(request.user), pk=pk)
    return render(request, "notes/detail.html", {"note": note})


def write(request):
    form = NoteForm(request.POST or None, initial={"seen_at": timezone.now()})
    if request.method == "POST" and form.is_valid():
        form.instance.walker = request.user
        note = form.save()
        transaction.on_commit(lambda: name_species.enqueue(note.pk))
        return redirect(note)
    return render(request, "notes/write.html", {"form": form})


@login_not_required
def tally(request, year):
    species = (
        Species.objects.filter(notes__in=Note.objects.visible_to(request.user).of_year(year))
        .annotate(times=Count("notes"))
        .order_by("-times", "common_name")
    )
    return render(request, "notes/tally.html", {"species": species, "year": year})
