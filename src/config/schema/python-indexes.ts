import { z } from 'zod';
import { matching, text } from './text.js';
import { arg } from './values.js';

const address = matching(
  /^https?:\/\/[^\s@]+$/,
  'must be the address of an index, without a log-in: https://packages.shop.example/simple/',
);

const index = z.strictObject({
  url: z.exactOptional(
    address.meta({
      description: 'Its address. An index without one counts as not given.',
      examples: ['https://packages.shop.example/simple/'],
    }),
  ),
  username: z.exactOptional(text.meta({ description: 'Who logs in, where it wants that.', examples: ['deploy'] })),
  password: z.exactOptional(
    arg.meta({ description: 'The password or token of that log-in.', examples: [{ secret: 'PACKAGES_PASSWORD' }] }),
  ),
});

export const pythonIndexes = z
  .record(matching(/^[a-z][a-z0-9-]*$/, 'is no name: lower-case letters, digits and dashes'), index)
  .meta({
    description:
      'Package indexes, by any name, that Python packages of the project are on, besides the one that pip uses on this machine.',
    examples: [
      { ours: { url: 'https://packages.shop.example/simple/', username: 'deploy', password: { secret: 'PACKAGES_PASSWORD' } } },
    ],
  });
