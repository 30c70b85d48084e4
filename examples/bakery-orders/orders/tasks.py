import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from .models import Order

logger = logging.getLogger(__name__)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_confirmation(pk):
    order = Order.objects.select_related("cake").get(pk=pk)
    context = {"order": order, "link": settings.SITE_URL + order.get_absolute_url()}
    text = render_to_string("orders/confirmation.txt", context)
    send_mail(f"Your {order.cake} is {order.state}", text, None, [order.email])
    logger.info("told %s about %s", order.email, order.reference)


@shared_task
def send_morning_list():
    """What is fetched today, for those who are up at five."""
    today = timezone.localdate()
    orders = list(Order.objects.to_bake(today))
    text = render_to_string("orders/morning_list.txt", {"orders": orders, "today": today})
    send_mail(f"{len(orders)} cakes for {today:%A}", text, None, [settings.BAKERY_EMAIL])
    return len(orders)


@shared_task
def forget_drafts():
    """Orders that nobody confirmed within a week, with their pictures."""
    forgotten = 0
    for order in Order.objects.drafts_before(timezone.now() - timedelta(days=7)):
        order.picture.delete(save=False)
        order.delete()
        forgotten += 1
    return forgotten
