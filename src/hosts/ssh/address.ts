import { Failure } from '../../core/failure.js';

export interface Address {
  readonly user?: string;
  /** A name, an IP address, or an alias of the ssh configuration. */
  readonly host: string;
  readonly port?: number;
}

const SHAPE = /^(?:([^@\s/-][^@\s/]*)@)?(?:\[([0-9a-fA-F:.%\w]+)\]|([^@\s:[\]/-][^@\s:[\]/]*))(?::(\d{1,5}))?$/;

/** Reads `user@host:port`, user and port optional, IPv6 in brackets. @throws Failure HOST_ADDRESS (config) */
export function parseAddress(text: string): Address {
  const match = SHAPE.exec(text) ?? /^(?:([^@\s/-][^@\s/]*)@)?([0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F]*)$/.exec(text);
  const host = match?.[2] ?? match?.[3];
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  if (match === null || host === undefined || port === 0 || (port ?? 1) > 65535) {
    throw new Failure('HOST_ADDRESS', 'config', `${JSON.stringify(text)} is no address of a host`, {
      hint: 'write it as user@host or user@host:port, an IPv6 address in brackets',
    });
  }
  return { host, ...(match[1] === undefined ? {} : { user: match[1] }), ...(port === undefined ? {} : { port }) };
}
