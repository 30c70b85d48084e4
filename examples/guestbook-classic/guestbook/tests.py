# -*- coding: utf-8 -*-
from django.core import mail
from django.core.urlresolvers import reverse
from django.test import TestCase

from .models import Entry, Room
from .templatetags.prose import prose


class GuestbookTest(TestCase):
    fixtures = ['rooms.json']

    def write(self, **changes):
        data = dict(guest=u'Ana', home_town='Porto', room=1, stars=4, text='We slept very well.')
        data.update(changes)
        return self.client.post(reverse('guestbook:write'), data)

    def test_the_landlord_reads_it_first(self):
        self.assertRedirects(self.write(), reverse('guestbook:list'))
        self.assertNotContains(self.client.get('/'), 'Porto')
        self.assertIn('/landlord/guestbook/entry/', mail.outbox[0].body)
        Entry.objects.publish()
        self.assertContains(self.client.get('/'), u'★★★★ &middot; Attic')

    def test_programs_and_monosyllables(self):
        self.assertContains(self.write(website='http://x'), 'looks like a program')
        self.assertContains(self.write(text='Ok.'), 'A few words more')
        self.assertEqual(Entry.objects.count(), 0)

    def test_by_room(self):
        for room in Room.objects.all():
            Entry.objects.create(guest=room.name + ' guest', room=room, text='x')
        Entry.objects.publish()
        page = self.client.get('/', {'room': 'River'})
        self.assertContains(page, 'River guest')
        self.assertNotContains(page, 'Attic guest')

    def test_summary(self):
        Entry.objects.create(guest='A', stars=3, text='x')
        Entry.objects.create(guest='B', stars=4, text='x')
        Entry.objects.publish()
        self.assertEqual(self.client.get('/summary.json').json(), {'stars': 3.5, 'entries': 2})

    def test_prose_does_no_harm(self):
        self.assertEqual(prose('*hi* <script>x</script>'), '<p><em>hi</em> x</p>')
