from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.core import mail
from django.test import TestCase
from django.urls import reverse

from notes.models import Note, Species
from notes.tasks import mentions, name_species


class WritingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.walker = get_user_model().objects.create_user("mira", "mira@example.org", "kestrel-over-stubble")
        cls.kestrel = Species.objects.create(common_name="Kestrel", latin_name="Falco tinnunculus")
        cls.data = {"text": "Two **kestrels** over the stubble", "seen_at": "2026-08-30T07:15", "shared": "on"}

    def write(self, **changes):
        self.client.force_login(self.walker)
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(reverse("notes:write"), self.data | changes, follow=True)

    def test_what_is_named_goes_into_the_tally(self):
        self.assertContains(self.write(), "<strong>kestrels</strong>")
        self.assertContains(self.client.get(reverse("notes:tally", args=[2026])), "Falco tinnunculus")
        self.assertNotContains(self.client.get(reverse("notes:tally", args=[2025])), "Falco")

    def test_the_first_of_the_year_is_news_once(self):
        self.write()
        self.write(seen_at="2026-09-01T07:15")
        self.assertEqual([message.subject for message in mail.outbox], ["First of 2026: Kestrel"])

    def test_one_coordinate_is_none(self):
        self.assertContains(self.write(latitude="51.1"), "Give both coordinates")

    def test_strangers_do_not_write(self):
        self.client.logout()
        self.assertEqual(self.client.get(reverse("notes:write")).status_code, 302)


class ReadingTests(TestCase):
    def test_what_is_not_shared_is_the_walkers_own(self):
        walker = get_user_model().objects.create_user("mira")
        Note.objects.create(walker=walker, text="An owl's nest", seen_at=datetime(2026, 5, 1, tzinfo=UTC), shared=False)
        self.assertNotContains(self.client.get("/"), "nest")
        self.client.force_login(walker)
        self.assertContains(self.client.get("/"), "nest")

    def test_scripts_run_by_nonce_only(self):
        page = self.client.get("/")
        policy = page.headers["Content-Security-Policy"]
        nonce = policy.split("'nonce-")[1].split("'")[0]
        self.assertContains(page, f'nonce="{nonce}"')


class TaskTests(TestCase):
    def test_whole_words(self):
        self.assertTrue(mentions("three Robins", "robin"))
        self.assertTrue(mentions("thrushes", "thrush"))
        self.assertFalse(mentions("robinia", "robin"))

    def test_it_runs_at_once_where_there_is_no_worker(self):
        walker = get_user_model().objects.create_user("mira")
        note = Note.objects.create(walker=walker, text="nothing")
        self.assertEqual(name_species.enqueue(note.pk).return_value, [])
