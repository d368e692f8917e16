/** What went wrong, as the words on stderr and the exit code. */
import { AppError, fileError, systemCode } from '../lib/errors';

/** Any thrown value as the error that the user sees; what is no AppError is a defect of ours, or the system's refusal. */
export function asAppError(thrown: unknown, cancelled: boolean): AppError {
  if (thrown instanceof AppError) return thrown;
  if (cancelled) return new AppError('CANCELLED', 'Cancelled.', 'What was complete is kept.', thrown);
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '';
  if (
    systemCode(thrown) !== undefined &&
    thrown instanceof Error &&
    'path' in thrown &&
    typeof thrown.path === 'string'
  )
    return fileError(thrown, thrown.path, 'finish');
  return new AppError(
    'FAILED',
    message,
    'This is a defect of Lowland. LOWLAND_DEBUG=1 shows where it happened.',
    thrown,
  );
}

/** `error[CODE]: sentence`, its hint below it, and with `debug` the stacks of it and its causes. */
export function failureText(error: AppError, debug: boolean): string {
  const lines = [`error[${error.code}]: ${error.message}`, ...(error.hint ? [`  ${error.hint}`] : [])];
  if (debug) for (let at: unknown = error; at instanceof Error; at = at.cause) lines.push(at.stack ?? String(at));
  return `${lines.join('\n')}\n`;
}
