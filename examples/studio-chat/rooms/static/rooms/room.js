const said = document.querySelector('#said');
const presence = document.querySelector('#presence');
const form = document.querySelector('#say');
const { slug } = said.dataset;
const address = `${location.origin.replace(/^http/, 'ws')}/ws/rooms/${slug}/`;

let socket;
let patience = 500;

function show({ id, author, text }) {
  if (said.querySelector(`[data-id="${id}"]`)) return;
  const line = document.createElement('li');
  line.dataset.id = id;
  const name = document.createElement('b');
  name.textContent = author;
  line.append(name, ` ${text}`);
  said.append(line);
  line.scrollIntoView();
}

async function catchUp() {
  const last = said.lastElementChild?.dataset.id ?? 0;
  const answer = await fetch(`/rooms/${slug}/missed/?after=${last}`);
  if (answer.ok) (await answer.json()).messages.forEach(show);
}

function connect() {
  socket = new WebSocket(address);
  socket.onopen = () => {
    patience = 500;
    document.body.classList.add('connected');
    catchUp();
  };
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if ('text' in event) show(event);
    else presence.textContent = `${event.who} ${event.here ? 'came in' : 'left'}`;
  };
  socket.onclose = ({ code }) => {
    document.body.classList.remove('connected');
    if (code >= 4400) return;
    // Not all at once when the server comes back.
    setTimeout(connect, patience * (0.5 + Math.random()));
    patience = Math.min(patience * 2, 15000);
  };
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  socket.send(JSON.stringify({ text: form.text.value }));
  form.reset();
});

connect();
