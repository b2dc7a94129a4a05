// How a wall hears of changes: a socket that tells a stamp, asking every few seconds where there is none, and one fetch
// of the shared picture for each new stamp. Whatever is lost is said, and comes back by itself.
const ASK_MS = 3000; // for the stamp, without a socket
const QUIET_MS = 16000; // a socket that has been silent for so long is dead: it is told something every five seconds
const LEAST_MS = 400; // between two fetches
const BEHIND_MS = 300; // until the next, when the server had not read what it called out
const PATIENCE_MS = 8000;
const AGAIN_MS = [1000, 2000, 4000, 8000]; // until the next try for a socket

// on.picture(json), on.state('live' | 'polling' | 'lost' | 'database', last good Date or null)
export function follow(address, on) {
  const self = { stamp: null, good: null, way: 'polling', heard: 0, tries: 0, fetches: 0, fetching: false };
  let socket = null;
  let asking = null;
  let again = null;
  let fetchedAt = 0;
  let seen = null;

  const state = (name) => on.state(name === 'ok' ? self.way : name, self.good);

  function news(stamp) {
    self.heard = Date.now();
    if (stamp === null) return state('database');
    self.stamp = stamp;
    if (stamp !== seen) look();
    else state('ok');
  }

  function look(wait = 0) {
    clearTimeout(again);
    again = setTimeout(read, Math.max(wait, fetchedAt + LEAST_MS - Date.now(), 0));
  }

  async function read() {
    if (self.fetching) return look(LEAST_MS);
    self.fetching = true;
    self.fetches += 1;
    fetchedAt = Date.now();
    try {
      const answer = await patiently(address);
      const picture = await answer.json();
      seen = picture.stamp;
      self.good = new Date();
      on.picture(picture);
      state('ok');
      // The server may be a moment behind what it has called out, or keep heavy parts a while.
      look(self.stamp && self.stamp !== seen ? BEHIND_MS : picture.again_s * 1000);
    } catch (error) {
      state(error.status === 503 ? 'database' : 'lost');
      look(ASK_MS);
    } finally {
      self.fetching = false;
    }
  }

  async function ask() {
    if (self.way === 'live' && Date.now() - self.heard < QUIET_MS) return;
    if (self.way === 'live') drop();
    try {
      const answer = await patiently('/api/v1/stamp');
      news((await answer.json()).stamp);
    } catch (error) {
      state(error.status === 503 ? 'database' : 'lost');
    }
  }

  function open() {
    const made = new WebSocket(location.origin.replace(/^http/, 'ws') + '/api/v1/live');
    socket = made;
    made.onmessage = (message) => {
      if (made !== socket) return;
      self.way = 'live';
      self.tries = 0;
      news(JSON.parse(message.data).stamp);
    };
    made.onclose = () => made === socket && drop();
  }

  function drop() {
    if (socket) socket.onmessage = socket.onclose = null;
    socket?.close();
    socket = null;
    self.way = 'polling';
    setTimeout(open, AGAIN_MS[Math.min(self.tries++, AGAIN_MS.length - 1)]);
    ask();
  }

  open();
  look();
  asking = setInterval(ask, ASK_MS);
  self.stop = () => clearInterval(asking);
  return self;
}

async function patiently(address) {
  const answer = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw Object.assign(new Error(answer.status), { status: answer.status });
  return answer;
}
