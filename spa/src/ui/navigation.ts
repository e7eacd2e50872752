/** How the present screen was reached: it decides where the focus goes. */
type Move = 'opened' | 'went' | 'back'

let move: Move = 'opened'

// wouter raises the event itself when a link is followed; the browser does when somebody goes back or forward.
window.addEventListener('hashchange', (event) => {
  move = event.isTrusted ? 'back' : 'went'
})

export function lastMove(): Move {
  return move
}
