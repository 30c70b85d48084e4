from datetime import timedelta
from decimal import Decimal
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Cake
from orders import tasks
from orders.models import Order


class OrderCase(TestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        media = override_settings(MEDIA_ROOT=folder.name)
        media.enable()
        self.addCleanup(media.disable)
        self.cake = Cake.objects.create(name="Dobos", slug="dobos", price_per_portion=Decimal("4.20"), days_ahead=2)
        self.day = timezone.localdate() + timedelta(days=3)

    def order(self, **changes):
        known = {"cake": self.cake, "customer": "Iris", "email": "iris@example.org", "fetched_on": self.day}
        return Order.objects.create(**known | changes)


class OrderingTests(OrderCase):
    def send(self, **changes):
        data = {"portions": 8, "customer": "Iris", "email": "iris@example.org", "fetched_on": self.day}
        return self.client.post(self.cake.get_absolute_url(), data | changes)

    def test_with_a_picture(self):
        picture = SimpleUploadedFile("wish.png", b"\x89PNG", "image/png")
        answer = self.send(picture=picture, inscription="Ad multos annos")
        order = Order.objects.get()
        self.assertRedirects(answer, order.get_absolute_url())
        self.assertRegex(order.picture.name, r"^wishes/\d{4}/\d\d/wish.*\.png$")
        self.assertContains(self.client.get(order.get_absolute_url()), "€ 33.60")

    def test_no_programs_for_pictures(self):
        self.assertContains(self.send(picture=SimpleUploadedFile("wish.exe", b"MZ")), "A photograph, a drawing or a PDF")

    def test_not_for_tomorrow(self):
        self.assertContains(self.send(fetched_on=timezone.localdate()), "It takes until")

    def test_what_is_off_the_menu_is_not_ordered(self):
        Cake.objects.update(on_offer=False)
        self.assertEqual(self.send().status_code, 404)


class OfficeTests(OrderCase):
    def test_the_customer_hears_of_a_decision(self):
        order = self.order()
        self.client.force_login(get_user_model().objects.create_user("baker"))
        with patch.object(tasks.send_confirmation, "delay") as told, self.captureOnCommitCallbacks(execute=True):
            self.client.post(reverse("orders:decide", args=[order.reference]), {"state": "confirmed"})
        told.assert_called_once_with(order.pk)
        order.refresh_from_db()
        self.assertEqual(order.state, "confirmed")

    def test_only_known_states(self):
        self.client.force_login(get_user_model().objects.create_user("baker"))
        answer = self.client.post(reverse("orders:decide", args=[self.order().reference]), {"state": "eaten"})
        self.assertEqual(answer.status_code, 400)


class TaskTests(OrderCase):
    def test_confirmation(self):
        tasks.send_confirmation(self.order(state="confirmed").pk)
        self.assertIn("fetch it on", mail.outbox[0].body)

    def test_morning_list(self):
        self.order(state="confirmed", fetched_on=timezone.localdate(), inscription="Hurrah")
        self.order(state="new", fetched_on=timezone.localdate())
        self.assertEqual(tasks.send_morning_list(), 1)
        self.assertIn("Hurrah", mail.outbox[0].body)

    def test_drafts_are_forgotten_after_a_week(self):
        self.order(created_at=timezone.now() - timedelta(days=8), picture=SimpleUploadedFile("a.png", b"x"))
        self.order()
        self.assertEqual(tasks.forget_drafts(), 1)
        self.assertEqual(Order.objects.count(), 1)
