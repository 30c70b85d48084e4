import type { RequestOptions } from 'node:http';

/** Has a request's name lead to an IPv4 address; nothing where none is given. */
export const leadingTo = (address: string | undefined): Pick<RequestOptions, 'lookup'> =>
  address === undefined
    ? {}
    : {
        lookup: (_name, options, done) => (options.all === true ? done(null, [{ address, family: 4 }]) : done(null, address, 4)),
      };
