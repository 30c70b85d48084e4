import bleach
import markdown
from django import template
from django.utils.safestring import mark_safe

register = template.Library()

TAGS = ['p', 'br', 'em', 'strong', 'ul', 'ol', 'li', 'blockquote']


@register.filter
def prose(text):
    """Markdown of strangers as HTML that can do no harm."""
    return mark_safe(bleach.clean(markdown.markdown(text), tags=TAGS, strip=True))
