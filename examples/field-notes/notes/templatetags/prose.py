import nh3
from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

register = template.Library()
markdown = MarkdownIt("commonmark")


@register.filter
def prose(text):
    return mark_safe(nh3.clean(markdown.render(text)))
