// The phone's own keeping: what was written down and is not sent yet, in IndexedDB, which outlives the page and the session.

const NAME = "beatgrid";

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function within(mode, act) {
  const base = await open();
  try {
    return await new Promise((done, failed) => {
      const work = base.transaction("outbox", mode);
      const asked = act(work.objectStore("outbox"));
      work.oncomplete = () => done(asked.result);
      work.onerror = work.onabort = () => failed(work.error);
    });
  } finally {
    base.close();
  }
}

// Every item in the order in which it was written down.
export async function all() {
  const found = await within("readonly", (store) => store.getAll());
  return found.sort((a, b) => a.made.localeCompare(b.made));
}

export const put = (item) => within("readwrite", (store) => store.put(item));
export const drop = (key) => within("readwrite", (store) => store.delete(key));
