# -*- coding: utf-8 -*-
from django.db import models
from django.utils import timezone
from django.utils.encoding import python_2_unicode_compatible


@python_2_unicode_compatible
class Room(models.Model):
    name = models.CharField(max_length=50, unique=True)
    sleeps = models.PositiveSmallIntegerField(default=2)

    class Meta:
        ordering = ('name',)

    def __str__(self):
        return self.name


class EntryQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published__isnull=False).select_related('room')

    def waiting(self):
        return self.filter(published__isnull=True)

    def publish(self):
        return self.waiting().update(published=timezone.now())


@python_2_unicode_compatible
class Entry(models.Model):
    STARS = [(n, u'★' * n) for n in range(1, 6)]

    guest = models.CharField('your name', max_length=80)
    home_town = models.CharField('where you are from', max_length=80, blank=True)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.SET_NULL, related_name='entries')
    stars = models.PositiveSmallIntegerField(choices=STARS, default=5)
    text = models.TextField('what you would like to tell us', help_text='Markdown, if you know it')
    written = models.DateTimeField(default=timezone.now, editable=False)
    published = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ('-written',)
        verbose_name_plural = 'entries'

    def __str__(self):
        return u'{0}, {1:%d %B %Y}'.format(self.guest, self.written)
