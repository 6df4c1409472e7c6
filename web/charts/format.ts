// Numbers as people read them. Every figure on the page goes through here, so that all steps round alike.

/** Keeps a number and its unit on one line. */
const SPACE = '\u00a0';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 2022 -> "2,022"; NaN and infinities -> "–". */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : '–';
}

/** "1 photo", "2,022 photos". */
export function formatNumberOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** A share in [0, 1] as percent, two significant digits, a third only near the ends where it says something. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return '–';
  const percent = share * 100;
  const nearAnEnd = (percent > 0 && percent < 1) || (percent > 99 && percent < 100);
  const text = percent.toFixed(nearAnEnd ? 1 : 0);
  // 99.97 must not read "100.0 %" when something was missed, nor 0.03 "0.0 %" when there is something.
  if (nearAnEnd && text === '100.0') return `>${SPACE}99.9${SPACE}%`;
  if (nearAnEnd && text === '0.0') return `<${SPACE}0.1${SPACE}%`;
  return `${text}${SPACE}%`;
}

/** Seconds as the two largest units: "8 s", "2 min 5 s", "1 h 12 min". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds > 0 && seconds < 1) return 'under 1 s';
  const total = Math.round(seconds);
  if (total < 60) return `${total}${SPACE}s`;
  if (total < 3600) {
    const rest = total % 60;
    return rest === 0 ? `${Math.floor(total / 60)} min` : `${Math.floor(total / 60)} min ${rest} s`;
  }
  const minutes = Math.round(total / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "about 2 min left"; coarse on purpose, so that it does not flicker. */
export function formatTimeLeft(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return 'working out the time left';
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 600) return `about ${formatDuration(Math.ceil(seconds / 15) * 15)} left`;
  return `about ${formatDuration(Math.ceil(seconds / 60) * 60)} left`;
}

/** Bytes in the unit that leaves one to three digits: "52 MB". */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '–';
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1;
  return `${value.toFixed(digits)}${SPACE}${units[unit]}`;
}

/** Losses and other small numbers: two digits that mean something. */
export function formatLoss(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

/** Images per second. */
export function formatRate(value: number): string {
  if (!Number.isFinite(value) || value <= 0) return '–';
  return value >= 10 ? formatCount(value) : value.toFixed(1);
}
