/** The browser asks before the page is left, only while `working()`: a guard that is always on costs fast back and forward. */
export function guardLeaving(onChange: (listener: (working: boolean) => void) => void): void {
  const ask = (event: BeforeUnloadEvent) => {
    event.preventDefault();
    event.returnValue = true; // what browsers before 2023 look at
  };
  onChange((working) => {
    if (working) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  });
}
