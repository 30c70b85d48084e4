import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.js';
import { member, readAnswer, textOf } from './answer.js';
import { Channel } from './channel.js';
import { connectionFailure } from './failures.js';
import { FrameReader } from './frame.js';
import { type Marks, remoteCommand, type SshPlace, sshArgv } from './launch.js';
import { Preamble } from './preamble.js';
import { remoteCode } from './remote-code.js';
import { startSsh } from './start-ssh.js';

export interface Login {
  readonly place: SshPlace;
  /** As the user named the host. */
  readonly name: string;
  /** Becoming root is needed: the account is not root itself. */
  readonly sudo: boolean;
  readonly sudoPassword?: () => Promise<string>;
  readonly signal?: AbortSignal;
}

const MOST_STDERR = 64 * 1024;

/**
 * Logs in and starts our program on the host, as root.
 * @throws Failure of the kind `connection`: HOST_KEY_…, SSH_…, SUDO_…, HOST_PYTHON_MISSING
 */
export async function logIn(login: Login): Promise<Channel> {
  const token = randomBytes(8).toString('hex');
  const marks: Marks = { ready: `slipway-ready-${token}`, prompt: `slipway-password-${token}:` };
  const code = remoteCode();
  const child = await startSsh([...sshArgv(login.place), remoteCommand(marks, code.length, login.sudo)]);
  const end = () => child.kill('SIGKILL');
  login.signal?.addEventListener('abort', end, { once: true });
  // Who waits for sudo's prompt must not be sent anything else before.
  if (!login.sudo) child.stdin.write(code);
  try {
    return await new Greeting(login, marks, child, code).done;
  } catch (error) {
    end();
    login.signal?.throwIfAborted();
    throw error;
  } finally {
    login.signal?.removeEventListener('abort', end);
  }
}

/** From the start of ssh to the first word of our program. */
class Greeting {
  readonly done: Promise<Channel>;
  readonly #preamble: Preamble;
  #stderr = '';
  #prompts = 0;

  constructor(
    readonly login: Login,
    readonly marks: Marks,
    readonly child: ChildProcessWithoutNullStreams,
    readonly code: Buffer,
  ) {
    this.#preamble = new Preamble(marks.ready);
    this.done = new Promise((resolve, reject) => {
      child.stdin.on('error', () => {});
      child.stderr.setEncoding('utf8').on('data', (text: string) => this.#hear(text, reject));
      child.stdout.on('data', this.#listen(resolve, reject));
      child.once('close', (status) => {
        const said = { stderr: this.#stderr.replaceAll(marks.prompt, ''), stdout: this.#preamble.text };
        reject(connectionFailure({ name: login.name, code: status ?? 255, ...said }));
      });
    });
  }

  #listen(resolve: (channel: Channel) => void, reject: (error: unknown) => void): (chunk: Buffer) => void {
    let channel: Channel | undefined;
    let greeted = false;
    const hello = new FrameReader();
    return (chunk) => {
      try {
        if (channel !== undefined) return channel.take(chunk);
        const rest = greeted ? chunk : this.#preamble.push(chunk);
        if (rest === undefined) return;
        if (!greeted && this.login.sudo) this.child.stdin.write(this.code);
        greeted = true;
        const [frame] = hello.push(rest);
        if (frame === undefined) return;
        readHello(frame.payload.toString('utf8'));
        channel = new Channel(this.login.name, this.child, () => this.#stderr);
        resolve(channel);
      } catch (error) {
        reject(error);
      }
    };
  }

  #hear(text: string, reject: (error: unknown) => void): void {
    this.#stderr = (this.#stderr + text).slice(-MOST_STDERR);
    const prompts = this.#stderr.split(this.marks.prompt).length - 1;
    if (prompts <= this.#prompts) return;
    this.#prompts = prompts;
    this.#answerPrompt().catch(reject);
  }

  async #answerPrompt(): Promise<void> {
    const { name, sudoPassword } = this.login;
    if (sudoPassword === undefined) {
      throw new Failure('SUDO_PASSWORD', 'connection', `sudo on ${name} asks for a password, and nobody is there to give it`, {
        hint: 'run it at a terminal, or let the account use sudo without a password',
      });
    }
    if (this.#prompts > 1) {
      throw new Failure('SUDO_PASSWORD', 'connection', `sudo on ${name} did not take the password`, { hint: 'run it again' });
    }
    this.child.stdin.write(`${(await sudoPassword()).replace(/[\r\n]+$/, '')}\n`);
  }
}

/** The first message says that all of our program came through. */
function readHello(text: string): void {
  const hello: string = textOf(member(readAnswer(`{"result": ${text}}`, ''), 'python')) ?? '';
  if (!/^3\.([6-9]|\d\d)/.test(hello)) {
    throw new Failure('HOST_PYTHON_MISSING', 'connection', `Python ${hello} of the host is too old: 3.6 is needed`);
  }
}
