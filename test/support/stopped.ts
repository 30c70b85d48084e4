/**
 * Aborted when this process is to end: by a signal, or because the process that started it with a channel is gone, however that ended. What runs
 * in the group that it leads is then asked to end too.
 */
export function stopped(): AbortSignal {
  const stop = new AbortController();
  const end = () => {
    if (stop.signal.aborted) return;
    stop.abort(new Error('stopped on request'));
    endGroup();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.on('disconnect', end);
  // The channel alone keeps nobody running.
  process.channel?.unref();
  return stop.signal;
}

function endGroup(): void {
  try {
    process.kill(-process.pid, 'SIGTERM');
  } catch {
    // It leads none: the terminal asks the others itself.
  }
}
