/** Line icons on a grid of 24, drawn for this page. They only repeat what a word beside them says. */
const PATHS = {
  approve: 'M5 12.5l4.5 4.5L19 7.5',
  reject: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  return: 'M9 7l-5 5 5 5M4.5 12H15a5 5 0 0 1 5 5v2',
  clock: 'M12 7v5.2l3.4 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  draft: 'M4 20l.8-4L16 4.8a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8 19.2 4 20zM14 7l3 3',
  withdraw: 'M5 12h14',
  pullBack: 'M8 5L4 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H8',
  skip: 'M5 6l6 6-6 6M12 6l6 6-6 6',
  inbox: 'M4 13l2.5-8h11L20 13v6H4v-6zm0 0h4.5l1.5 2.5h4l1.5-2.5H20',
  list: 'M8 6.5h12M8 12h12M8 17.5h12M4 6.5h.01M4 12h.01M4 17.5h.01',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M16 16l4.5 4.5M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0z',
  person: 'M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM4.5 20c.6-3.6 3.7-5.5 7.5-5.5s6.9 1.9 7.5 5.5',
  chevron: 'M6.5 9.5L12 15l5.5-5.5',
  warning: 'M12 9v4.5M12 17h.01M12 3.5L2.5 20h19L12 3.5z',
  info: 'M12 11v6M12 7.5h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  offline: 'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.4M19 12.5a10 10 0 0 0-5-2.7M8.5 16a5 5 0 0 1 7 0M2 9a15 15 0 0 1 4.5-2.8M22 9a15 15 0 0 0-10.5-4M12 19.5h.01',
  print: 'M7 9V4h10v5M7 17H4.5V9h15v8H17M7 14.5h10V20H7v-5.5z',
  keyboard: 'M3 6.5h18v11H3v-11zM6.5 10h.01M10 10h.01M13.5 10h.01M17 10h.01M8 14h8',
  leave: 'M14 8V5H4v14h10v-3M9 12h11M17 8.5l3.5 3.5-3.5 3.5',
  comment: 'M4 5h16v11h-9l-4.5 3.5V16H4V5z',
  route: 'M5 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM19 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM7.5 6H15a3.5 3.5 0 0 1 0 7H9a3.5 3.5 0 0 0 0 7h0M16.5 18H9',
  file: 'M6 3.5h8l4.5 4.5v12.5H6v-17zM13.5 3.5V8.5h5',
  attach: 'M19 11.5l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4l8-8a3 3 0 0 1 4.3 4.3l-7.8 7.8a1.5 1.5 0 0 1-2.2-2.2l7-7',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5zM10 20.5h4',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  copy: 'M9 8.5h11v12H9v-12zM15 8.5v-5H4v12h5',
  outbox: 'M4 13l2.5-5M20 13l-2.5-5M4 13v6h16v-6h-4.5L14 15.5h-4L8.5 13H4zM12 11V3.5M8.5 6.5L12 3l3.5 3.5',
  remove: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg className={className ? `icon ${className}` : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
