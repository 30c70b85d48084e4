from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from .forms import PlantingForm
from .models import Planting, Plot, Shift


class PlotList(ListView):
    template_name = "plots/plot_list.html"
    context_object_name = "plots"

    def get_queryset(self):
        return Plot.objects.select_related("holder").annotate(
            beds=Count("plantings", filter=Q(plantings__cleared_on=None))
        )

    def get_context_data(self, **kwargs):
        upcoming = Shift.objects.filter(day__gte=timezone.localdate()).prefetch_related("volunteers")
        return super().get_context_data(shifts=upcoming[:5], **kwargs)


class PlotDetail(DetailView):
    queryset = Plot.objects.select_related("holder").prefetch_related("plantings__crop")
    slug_field = slug_url_kwarg = "number"

    def get_context_data(self, **kwargs):
        mine = self.object.holder_id is not None and self.object.holder_id == self.request.user.pk
        return super().get_context_data(mine=mine, form=PlantingForm(), **kwargs)


@login_required
def my_plot(request):
    plot = request.user.plots.first()
    if plot is None:
        messages.info(request, "You hold no plot yet. The free ones are marked on the list.")
        return redirect("plots:list")
    return redirect(plot)


@require_POST
@login_required
def plant(request, number):
    plot = get_object_or_404(Plot, number=number)
    if plot.holder != request.user:
        raise PermissionDenied("Only the holder writes down what grows here.")
    form = PlantingForm(request.POST)
    if not form.is_valid():
        return render(request, "plots/plot_detail.html", {"plot": plot, "mine": True, "form": form}, status=422)
    planting = form.save(commit=False)
    planting.plot = plot
    planting.save()
    messages.success(request, f"{planting.crop} is in the ground, ready about {planting.ready_on:%d %B}.")
    return redirect(plot)


@require_POST
@login_required
def clear(request, pk):
    planting = get_object_or_404(Planting.objects.select_related("plot"), pk=pk, plot__holder=request.user)
    planting.cleared_on = timezone.localdate()
    planting.save(update_fields=["cleared_on"])
    messages.success(request, f"{planting.crop} cleared.")
    return redirect(planting.plot)


@require_POST
@login_required
def volunteer(request, pk):
    with transaction.atomic():
        shift = get_object_or_404(Shift, pk=pk)
        if request.user in shift.volunteers.all():
            shift.volunteers.remove(request.user)
            messages.info(request, f"You are off the list for {shift}.")
        elif shift.places_left() == 0:
            messages.error(request, f"{shift} has all the hands it needs.")
        else:
            shift.volunteers.add(request.user)
            messages.success(request, f"Thank you: {shift}.")
    return redirect("plots:list")
