from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from .models import Crop, Planting, Plot, Shift


class PlotTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = get_user_model().objects.create_user("ada", password="marrow-and-leek")
        cls.ben = get_user_model().objects.create_user("ben", password="marrow-and-leek")
        cls.plot = Plot.objects.create(number="14a", holder=cls.ada)
        cls.free = Plot.objects.create(number="15")
        cls.bean = Crop.objects.create(name="Broad bean", weeks_to_harvest=14)

    def test_the_list_says_which_are_free(self):
        page = self.client.get(reverse("plots:list"))
        self.assertContains(page, "ada, 0 beds")
        self.assertContains(page, "free, 0 beds")

    def test_the_holder_plants(self):
        self.client.force_login(self.ada)
        page = self.client.post(reverse("plots:plant", args=["14a"]), {"crop": self.bean.pk, "planted_on": "2026-03-01"}, follow=True)
        self.assertContains(page, "Broad bean is in the ground, ready about 07 June.")

    def test_nobody_else_does(self):
        self.client.force_login(self.ben)
        answer = self.client.post(reverse("plots:plant", args=["14a"]), {"crop": self.bean.pk, "planted_on": "2026-03-01"})
        self.assertEqual(answer.status_code, 403)
        self.assertFalse(Planting.objects.exists())

    def test_not_before_it_is_in_the_ground(self):
        self.client.force_login(self.ada)
        tomorrow = timezone.localdate() + timedelta(days=1)
        page = self.client.post(reverse("plots:plant", args=["14a"]), {"crop": self.bean.pk, "planted_on": tomorrow})
        self.assertContains(page, "once it is in the ground", status_code=422)

    def test_cleared_beds_are_gone(self):
        planting = Planting.objects.create(plot=self.plot, crop=self.bean, planted_on=date(2026, 3, 1))
        self.client.force_login(self.ada)
        self.client.post(reverse("plots:clear", args=[planting.pk]))
        self.assertContains(self.client.get(self.plot.get_absolute_url()), "Bare soil")


class ShiftTests(TestCase):
    def test_no_more_hands_than_wanted(self):
        shift = Shift.objects.create(day=timezone.localdate(), job="Water butts", wanted=1)
        users = [get_user_model().objects.create_user(name) for name in ("ada", "ben")]
        for user in users:
            self.client.force_login(user)
            self.client.post(reverse("plots:volunteer", args=[shift.pk]))
        self.assertEqual(list(shift.volunteers.all()), users[:1])
