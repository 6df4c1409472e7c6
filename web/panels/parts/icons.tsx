import type { ComponentChildren } from 'preact';

/** Line icons on a 24 px grid. Decoration only: a name always stands beside, so they are hidden from those who listen. */
function Icon(props: { children: ComponentChildren; size?: number | undefined }) {
  const size = props.size ?? 24;
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {props.children}
    </svg>
  );
}

export interface Size {
  size?: number;
}

export const DataIcon = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="3.5" y="7.5" width="13" height="13" rx="3" />
    <path d="M7.5 4.5h9a4 4 0 0 1 4 4v8" />
    <path d="m4 17 3.5-3.5L13 19" />
    <circle cx="12" cy="12" r="1.25" />
  </Icon>
);
export const ExploreIcon = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="10.5" cy="10.5" r="6.5" />
    <path d="m15.5 15.5 5 5" />
    <path d="M8 10.5a2.5 2.5 0 0 1 2.5-2.5" />
  </Icon>
);
export const TrainIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M4 4v13a3 3 0 0 0 3 3h13" />
    <path d="M8 14c3 0 3.5-7 6.5-7S18 9 20.5 5.5" />
  </Icon>
);
export const EvaluateIcon = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="4" y="4" width="16" height="16" rx="3" />
    <path d="M4 9.5h16M9.5 4v16" />
    <path d="m12.5 15 1.75 1.75L17.5 13" />
  </Icon>
);
export const TryIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M4 8.5A2.5 2.5 0 0 1 6.5 6H8l1.5-2h5L16 6h1.5A2.5 2.5 0 0 1 20 8.5v8a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 16.5z" />
    <circle cx="12" cy="12.5" r="3.5" />
  </Icon>
);
export const CheckIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);
export const ArrowIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M5 12h13M13 6.5l5.5 5.5L13 17.5" />
  </Icon>
);
export const StopIcon = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="6.5" y="6.5" width="11" height="11" rx="2" />
  </Icon>
);
export const PlayIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M8 5.5v13l10.5-6.5z" />
  </Icon>
);
export const FolderIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M3.5 7.5A2.5 2.5 0 0 1 6 5h3.5l2.5 2.5h6a2.5 2.5 0 0 1 2.5 2.5v6.5A2.5 2.5 0 0 1 18 19H6a2.5 2.5 0 0 1-2.5-2.5z" />
  </Icon>
);
export const ZipIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M6.5 3.5h8l4 4v11a2 2 0 0 1-2 2h-10a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2z" />
    <path d="M10 4v2M12 6v2M10 8v2M12 10v2M10.5 14h1.5v2.5h-1.5z" />
  </Icon>
);
export const PhotoIcon = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="3.5" y="5" width="17" height="14" rx="3" />
    <circle cx="8.5" cy="10" r="1.5" />
    <path d="m4.5 17 5-4.5 3.5 3 3-2.5 4.5 3.5" />
  </Icon>
);
export const SparkIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M11 4c.7 4.3 2.7 6.3 7 7-4.3.7-6.3 2.7-7 7-.7-4.3-2.7-6.3-7-7 4.3-.7 6.3-2.7 7-7zM18.5 16v4M20.5 18h-4" />
  </Icon>
);
export const ShuffleIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M4 7h3.5l8 10H20M4 17h3.5l2.2-2.8M13.3 9.8 15.5 7H20M17.5 4.5 20 7l-2.5 2.5M17.5 14.5 20 17l-2.5 2.5" />
  </Icon>
);
export const FlipIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M4.5 12a7.5 7.5 0 0 1 13-5.1L20 9.5M19.5 12a7.5 7.5 0 0 1-13 5.1L4 14.5M20 5v4.5h-4.5M4 19v-4.5h4.5" />
  </Icon>
);
export const SaveIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15" />
  </Icon>
);
export const OpenIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M12 15V4M7.5 8.5 12 4l4.5 4.5M4.5 19.5h15" />
  </Icon>
);
export const EnvelopeIcon = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="3.5" y="5.5" width="17" height="13" rx="2.5" />
    <path d="m4.5 8 7.5 5.5L19.5 8" />
  </Icon>
);
export const LockIcon = ({ size }: Size) => (
  <Icon size={size}>
    <rect x="5" y="10.5" width="14" height="9.5" rx="2.5" />
    <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" />
  </Icon>
);
export const OfflineIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M7 18.5a4.5 4.5 0 0 1-.5-8.97 6 6 0 0 1 11.5 1.5 3.8 3.8 0 0 1-.5 7.47zM9.5 14l2 2 3.5-4" />
  </Icon>
);
export const InfoIcon = ({ size }: Size) => (
  <Icon size={size}>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5M12 7.75v.5" />
  </Icon>
);
export const WarnIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M12 4.5 3.5 19h17zM12 10.5v4M12 16.75v.25" />
  </Icon>
);
export const CloseIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />
  </Icon>
);
export const SettingsIcon = ({ size }: Size) => (
  <Icon size={size}>
    <path d="M4 7.5h9M18 7.5h2M4 16.5h2M11 16.5h9" />
    <circle cx="15.5" cy="7.5" r="2.25" />
    <circle cx="8.5" cy="16.5" r="2.25" />
  </Icon>
);
