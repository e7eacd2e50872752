import '@/styles/index.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from '@/app/App'
import { startLanguage } from '@/language'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root')

if (window.top !== window.self) {
  // A meta policy cannot forbid framing (CSP level 3, section 3.3): a page that could be covered shows nothing to press.
  const text = document.createElement('p')
  text.textContent =
    '安全のため、このページは枠の中では表示しません。新しいタブで開いてください。 / For your safety this page is not shown inside a frame. Please open it in a tab of its own.'
  place.append(text)
} else {
  await startLanguage()
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
