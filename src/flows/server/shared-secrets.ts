import type { SecretStore } from '../secret-file.js';

export interface SharedStore extends SecretStore {
  /** Has every host keep what the first of them keeps: one may be new to the environment. */
  align(): Promise<void>;
}

/** One text that every host keeps. What the first that has any says holds. */
export function sharedStore(stores: readonly SecretStore[]): SharedStore {
  const readAll = () => Promise.all(stores.map((store) => store.read()));
  let aligned: string | undefined;
  return {
    path: stores.map(({ path }) => path).join(', '),
    read: async () => aligned ?? (await readAll()).find((text) => text !== undefined),
    write: async (text) => {
      aligned = undefined;
      await Promise.all(stores.map((store) => store.write(text)));
    },
    align: async () => {
      const texts = await readAll();
      const text = texts.find((one) => one !== undefined);
      if (text === undefined) return;
      await Promise.all(stores.map((store, index) => (texts[index] === text ? undefined : store.write(text))));
      aligned = text;
    },
  };
}
