import { Component, type ReactNode } from 'react'

import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'

function Broken() {
  const { t } = useLanguage()
  return (
    <main className="page" data-width="narrow">
      <div className="blank" role="alert">
        <h1>{t('broken.title')}</h1>
        <p>{t('broken.text')}</p>
        <Button look="primary" onClick={() => window.location.reload()}>
          {t('broken.reload')}
        </Button>
      </div>
    </main>
  )
}

/** Catches what a component throws: most often a part of the page that a newer release has replaced. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children
  }
}
