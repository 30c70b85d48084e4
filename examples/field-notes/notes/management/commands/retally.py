from django.core.management.base import BaseCommand

from notes.models import Note
from notes.tasks import name_species


class Command(BaseCommand):
    help = "Looks through all notes again, after species were added."

    def handle(self, **options):
        for pk in Note.objects.values_list("pk", flat=True).iterator():
            name_species.enqueue(pk)
        self.stdout.write(f"{Note.objects.count()} notes looked through")
