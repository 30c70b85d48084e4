import logging

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from .models import Message, Room

logger = logging.getLogger(__name__)

NOT_LOGGED_IN, NO_SUCH_ROOM = 4401, 4404
LONGEST = 1000


class RoomConsumer(AsyncJsonWebsocketConsumer):
    """One person in one room."""

    room = None

    async def connect(self):
        self.user = self.scope["user"]
        await self.accept()
        if not self.user.is_authenticated:
            return await self.close(NOT_LOGGED_IN)
        self.room = await Room.objects.filter(slug=self.scope["url_route"]["kwargs"]["slug"]).afirst()
        if self.room is None:
            return await self.close(NO_SUCH_ROOM)
        await self.channel_layer.group_add(self.room.group, self.channel_name)
        await self.tell({"type": "room.presence", "who": self.user.username, "here": True})

    async def disconnect(self, code):
        if self.room is None:
            return
        await self.channel_layer.group_discard(self.room.group, self.channel_name)
        await self.tell({"type": "room.presence", "who": self.user.username, "here": False})

    async def receive_json(self, content, **kwargs):
        text = str(content.get("text", "")).strip()[:LONGEST]
        if not text:
            return
        message = await self.keep(text)
        logger.debug("%s in %s", self.user, self.room)
        await self.tell({"type": "room.message", "message": message})

    async def tell(self, event):
        await self.channel_layer.group_send(self.room.group, event)

    @database_sync_to_async
    def keep(self, text):
        return Message.objects.create(room=self.room, author=self.user, text=text).as_json()

    async def room_message(self, event):
        await self.send_json(event["message"])

    async def room_presence(self, event):
        await self.send_json({"who": event["who"], "here": event["here"]})
