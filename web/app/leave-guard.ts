/** The browser asks before the page is left, only while there is work to lose: a guard that is always on costs fast back and forward. */
export function guardLeaving(onChange: (listener: (atRisk: boolean) => void) => void): void {
  const ask = (event: BeforeUnloadEvent) => {
    event.preventDefault();
    event.returnValue = true; // what browsers before 2023 look at
  };
  onChange((atRisk) => {
    if (atRisk) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  });
}
