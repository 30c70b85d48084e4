from django.conf import settings
from django.contrib import messages
from django.core.mail import mail_admins
from django.core.urlresolvers import reverse, reverse_lazy
from django.db.models import Avg, Count
from django.http import JsonResponse
from django.views.generic import CreateView, ListView

from .forms import EntryForm
from .models import Entry, Room


class EntryList(ListView):
    template_name = 'guestbook/list.html'
    context_object_name = 'entries'
    paginate_by = 20

    def get_queryset(self):
        entries = Entry.objects.published()
        room = self.request.GET.get('room')
        return entries.filter(room__name=room) if room else entries

    def get_context_data(self, **kwargs):
        context = super(EntryList, self).get_context_data(**kwargs)
        context['rooms'] = Room.objects.all()
        context['languages'] = settings.LANGUAGES
        return context


class Write(CreateView):
    form_class = EntryForm
    template_name = 'guestbook/write.html'
    success_url = reverse_lazy('guestbook:list')

    def form_valid(self, form):
        response = super(Write, self).form_valid(form)
        link = self.request.build_absolute_uri(reverse('admin:guestbook_entry_change', args=[self.object.pk]))
        mail_admins(u'New entry by {0}'.format(self.object.guest), link, fail_silently=True)
        messages.success(self.request, 'Thank you! The landlord reads it first, then it appears here.')
        return response


def summary(request):
    """What the inn's own website shows beside its booking form."""
    numbers = Entry.objects.published().aggregate(stars=Avg('stars'), entries=Count('pk'))
    return JsonResponse(numbers)
