import re

from django.core.mail import send_mail
from django.tasks import task

from .models import Note, Species


@task
def name_species(note_id: int) -> list[str]:
    """Link a note to every species it names, and tell its walker about firsts."""
    note = Note.objects.select_related("walker").get(pk=note_id)
    named = [species for species in Species.objects.all() if mentions(note.text, species.common_name)]
    year = note.seen_at.year
    seen_before = set(
        Species.objects.filter(notes__walker=note.walker, notes__seen_at__year=year)
        .exclude(notes=note)
        .values_list("pk", flat=True)
    )
    note.species.set(named)
    firsts = [species.common_name for species in named if species.pk not in seen_before]
    if firsts and note.walker.email:
        send_mail(
            f"First of {year}: {', '.join(firsts)}",
            note.text,
            None,
            [note.walker.email],
        )
    return [species.common_name for species in named]


def mentions(text: str, name: str) -> bool:
    """Whole words, in singular and plural, in any case."""
    return re.search(rf"\b{re.escape(name)}(s|es)?\b", text, re.IGNORECASE) is not None
