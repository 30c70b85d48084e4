import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { EDGE_UNITS } from '../../../src/targets/server/edge-unit.js';
import { type MixedReport, startMixed } from './mixed-load.js';
import { changePlain } from './plain-project.js';
import type { PlainApp, PlainServer } from './plain-server.js';

export interface SoakOptions {
  readonly deploys: number;
  /** Spread among them. */
  readonly rollbacks: number;
  /** Requests a second. */
  readonly rate: number;
  readonly edge: 'nginx' | 'apache';
  readonly say: (text: string) => void;
}

const SETTLE_MS = 3000;

const told = (what: string, { sent, failures, short, handedOver }: MixedReport): string =>
  `${what}: ${sent} requests, failed ${JSON.stringify(failures)}, p50 ${short.p50} ms, p99 ${short.p99} ms, most ${short.most} ms, ${handedOver} websockets handed over`;

/** Releases and rollbacks under load, of which nothing may be lost; then what others do, of which something must be. */
export class Soak {
  readonly app: PlainApp;

  constructor(
    readonly server: PlainServer,
    readonly options: SoakOptions,
  ) {
    this.app = this.#served();
  }

  /** @throws AssertionError for one failed request */
  async releases(): Promise<MixedReport> {
    const { deploys, rollbacks, edge, say } = this.options;
    const reloads = () =>
      this.server.host.sh(`journalctl -q -u ${EDGE_UNITS[edge]} | grep -c "Reloaded ${EDGE_UNITS[edge]}" || true`);
    const before = await reloads();
    const load = this.#load();
    const each = rollbacks === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(deploys / rollbacks));
    const renames: number[] = [];
    let back = 0;
    for (let number = 1; number <= deploys; number++) {
      changePlain(this.app.directory, `release${number}`);
      const began = performance.now();
      renames.push(...this.#renames(await this.app.good('deploy')));
      say(`release ${number} after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      if (number % each !== 0 || back === rollbacks) continue;
      back += 1;
      renames.push(...this.#renames(await this.app.good('rollback')));
    }
    const report = await load.stop();
    say(told(`${deploys} deploys and ${back} rollbacks at ${this.options.rate} a second`, report));
    say(`the rename on the host took ${Math.max(...renames).toFixed(2)} ms at most`);
    assert.equal(await reloads(), before, `${edge} is not touched by a release`);
    assert.deepEqual(report.failures, {}, `of ${report.sent}`);
    assert.ok(report.handedOver > 0, 'no websocket was handed over');
    assert.ok(Math.max(...renames) < 100, `${Math.max(...renames)} ms`);
    return report;
  }

  /** @throws AssertionError when the load saw nothing of what must be lost */
  async controls(): Promise<void> {
    const sh = (script: string) => this.server.host.sh(script, { timeoutMs: 60_000 });
    const { release } = await this.app.good('status');
    const unit = `plain-web@${String(release)}.service`;
    await this.#seen('a plain restart', () => sh(`systemctl restart ${unit}`));
    if (this.options.edge === 'nginx') await this.#keptConnections(sh);
    // uvicorn keeps its old workers where new ones do not start; Gunicorn does not.
    const gunicorn = this.#served({ web: { server: 'gunicorn' } });
    const { release: last } = await gunicorn.good('deploy');
    const code = '/srv/plain/live/source/plain/urls.py';
    await this.#seen('HUP with code that does not start', () =>
      sh(
        `echo 'raise RuntimeError' >> ${code}; systemctl kill -s HUP --kill-whom=main plain-web@${String(last)}.service; sleep 3`,
      ),
    );
  }

  async #keptConnections(sh: (script: string) => Promise<string>): Promise<void> {
    await this.#seen('reloads of nginx with connections kept to the app', async () => {
      // As it is often written.
      await sh(
        `cp -a /etc/nginx /root/nginx; f=$(grep -rl 'plain.*web.sock' /etc/nginx | head -1); sed -i 's/\\(server "unix:[^;]*web.sock"[^;]*;\\)/\\1 keepalive 16;/' "$f"; grep -q 'keepalive 16' "$f"; sed -i 's/default close;/default "";/' /etc/nginx/conf.d/00-slipway.conf; nginx -t -q`,
      );
      for (let times = 0; times < 30; times++) {
        await sh('systemctl reload nginx');
        await pause(150);
      }
    });
    await sh('rm -rf /etc/nginx; mv /root/nginx /etc/nginx; systemctl reload nginx');
  }

  #served(more: Readonly<Record<string, unknown>> = {}): PlainApp {
    return this.server.app({ more: { rollout: { watch_seconds: 0 }, edge: this.options.edge, ...more } });
  }

  #load(): ReturnType<typeof startMixed> {
    return startMixed({ url: this.app.url, ca: this.server.ca, address: this.server.host.address, rate: this.options.rate });
  }

  async #seen(what: string, act: () => Promise<unknown>): Promise<void> {
    const load = this.#load();
    await pause(1000);
    await act();
    await pause(SETTLE_MS);
    const report = await load.stop();
    this.options.say(told(what, report));
    assert.notDeepEqual(report.failures, {}, `the load has seen nothing of ${what}, of ${report.sent}`);
  }

  #renames({ hosts }: Readonly<Record<string, unknown>>): number[] {
    assert.ok(Array.isArray(hosts));
    return hosts.map(({ renameMs, probe }) => {
      assert.equal(probe.failed, 0, JSON.stringify(probe));
      return Number(renameMs);
    });
  }
}
