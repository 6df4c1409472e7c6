// The command line: scripts/sortlab. Results on standard output, progress and errors on standard error.
import { SortlabError } from '../shared/protocol.ts';
import { help, parseArguments, UsageError, type Request } from './arguments.ts';
import { ProgressLine } from './progress.ts';
import { skippedLines } from './results.ts';
import { Session } from './session.ts';
import { train, type Output } from './train.ts';
import { evaluate, inspect, predict } from './use-model.ts';

const line = new ProgressLine();

async function run(request: Exclude<Request, { command: 'help' }>): Promise<Output> {
  const session = new Session(request);
  switch (request.command) {
    case 'inspect':
      return inspect(request, session, line);
    case 'train':
      return train(request, session, line, stopSignal());
    case 'evaluate':
      return evaluate(request, session, line);
    case 'predict':
      return predict(request, session);
  }
}

/** The first Ctrl-C ends the training and keeps its best epoch; the second ends everything. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => {
    line.milestone('stopping; the best epoch so far is kept (Ctrl-C again: quit at once)');
    stop.abort();
  });
  return stop.signal;
}

function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/gu, ' ').trim();
}

/** Ends the process once everything is written; worker threads would keep it alive. */
function finish(code: number, output: string): void {
  process.stdout.write(output, () => process.exit(code));
}

async function main(): Promise<void> {
  try {
    const request = parseArguments(process.argv.slice(2));
    if (request.command === 'help') return finish(0, help);
    const { json, text } = await run(request);
    line.clear();
    finish(0, request.json ? `${JSON.stringify(json)}\n` : text);
  } catch (error) {
    line.clear();
    process.stderr.write(`sortlab: ${sentence(error)}\n`);
    if (error instanceof SortlabError) process.stderr.write(skippedLines(error.skipped));
    if (!(error instanceof SortlabError || error instanceof UsageError) || process.env['SORTLAB_DEBUG'] !== undefined) {
      console.error(error);
    }
    finish(error instanceof UsageError ? 2 : 1, '');
  }
}

void main();
