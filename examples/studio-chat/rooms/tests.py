import json

from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.test import TestCase, TransactionTestCase
from django.urls import reverse

from .models import Message, Room
from .routing import websocket_urlpatterns


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_user("odile", password="porcelain-and-ash")
        cls.room = Room.objects.create(name="Kiln", slug="kiln", made_by=cls.user)

    def test_a_room_is_opened_once(self):
        self.client.force_login(self.user)
        answer = self.client.post(reverse("rooms:index"), {"name": "Glaze tests", "topic": "celadon"})
        self.assertRedirects(answer, "/rooms/glaze-tests/")
        self.assertContains(self.client.post(reverse("rooms:index"), {"name": "glaze  TESTS"}), "There is a room of that name")

    def test_strangers_see_nothing(self):
        self.assertRedirects(self.client.get(self.room.get_absolute_url()), "/accounts/login/?next=/rooms/kiln/")
        self.assertEqual(self.client.get(reverse("rooms:missed", args=["kiln"])).status_code, 401)

    async def test_what_was_missed(self):
        await self.async_client.aforce_login(self.user)
        first = await Message.objects.acreate(room=self.room, author=self.user, text="one")
        await Message.objects.acreate(room=self.room, author=self.user, text="two")
        answer = await self.async_client.get(reverse("rooms:missed", args=["kiln"]), {"after": first.pk})
        self.assertEqual([message["text"] for message in answer.json()["messages"]], ["two"])
        answer = await self.async_client.get(reverse("rooms:missed", args=["kiln"]), {"after": "x"})
        self.assertEqual(answer.status_code, 400)


class Socket(ApplicationCommunicator):
    def __init__(self, user, path):
        scope = {"type": "websocket", "path": path, "headers": [], "user": user}
        super().__init__(URLRouter(websocket_urlpatterns), scope)

    async def say(self, **content):
        await self.send_input({"type": "websocket.receive", "text": json.dumps(content)})

    async def hear(self):
        return json.loads((await self.receive_output())["text"])

    async def leave(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


class SocketTests(TransactionTestCase):
    def setUp(self):
        self.user = get_user_model().objects.create_user("odile")
        Room.objects.create(name="Kiln", slug="kiln", made_by=self.user)

    async def enter(self, user, slug="kiln"):
        socket = Socket(user, f"/ws/rooms/{slug}/")
        await socket.send_input({"type": "websocket.connect"})
        self.assertEqual((await socket.receive_output())["type"], "websocket.accept")
        return socket

    async def test_everyone_in_the_room_hears_it(self):
        first = await self.enter(self.user)
        self.assertEqual(await first.hear(), {"who": "odile", "here": True})
        second = await self.enter(self.user)
        for socket in (first, second):
            await socket.hear()
        await second.say(text="  cone 6 is down ")
        for socket in (first, second):
            heard = await socket.hear()
            self.assertEqual((heard["author"], heard["text"]), ("odile", "cone 6 is down"))
        self.assertEqual(await Message.objects.acount(), 1)
        for socket in (first, second):
            await socket.leave()

    async def test_nobody_else_comes_in(self):
        stranger = await self.enter(AnonymousUser())
        self.assertEqual((await stranger.receive_output())["code"], 4401)
        lost = await self.enter(self.user, "cellar")
        self.assertEqual((await lost.receive_output())["code"], 4404)
