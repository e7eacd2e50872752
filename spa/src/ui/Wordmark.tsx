/** The product's name with its mark: two arches of a cloister. */
export function Wordmark() {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <path d="M6 25V16a5 5 0 0 1 10 0v9m0 0V16a5 5 0 0 1 10 0v9M4.5 25.5h23" />
      </svg>
      {/* A name is the same in every language. */}
      <span translate="no">{'Cloister'}</span>
    </span>
  )
}
