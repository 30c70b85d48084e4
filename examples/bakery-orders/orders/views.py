from functools import partial

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from django.views.generic import CreateView, DetailView, ListView

from catalogue.models import Cake

from .forms import OrderForm
from .models import Order
from .tasks import send_confirmation


class NewOrder(CreateView):
    form_class = OrderForm
    template_name = "orders/new.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.cake = get_object_or_404(Cake.objects.on_offer(), slug=kwargs["slug"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": Order(cake=self.cake)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(cake=self.cake, **kwargs)


class OrderDetail(DetailView):
    queryset = Order.objects.select_related("cake")
    slug_field = slug_url_kwarg = "reference"
    template_name = "orders/detail.html"


class Board(LoginRequiredMixin, ListView):
    """Everything that is still to be done."""

    template_name = "orders/board.html"
    context_object_name = "orders"
    queryset = Order.objects.exclude(state__in=["baked", "refused"]).select_related("cake")


class Decide(LoginRequiredMixin, View):
    def post(self, request, reference):
        state = request.POST.get("state")
        if state not in Order.State.values:
            return HttpResponseBadRequest("no such state")
        order = get_object_or_404(Order, reference=reference)
        order.state = state
        order.save(update_fields=["state"])
        if state != Order.State.BAKED:
            transaction.on_commit(partial(send_confirmation.delay, order.pk))
        return redirect("orders:board")
