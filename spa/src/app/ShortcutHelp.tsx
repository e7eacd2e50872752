import { useLanguage } from '@/language/useLanguage'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { useShortcutSwitch } from '@/ui/keys'

const KEYS = [
  ['j', 'next'],
  ['k', 'previous'],
  ['Enter', 'open'],
  ['a', 'approve'],
  ['b', 'return'],
  ['r', 'reject'],
  ['n', 'new'],
  ['/', 'search'],
  ['?', 'help'],
] as const

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage()
  const [on, turn] = useShortcutSwitch()
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <dl className="shortcuts">
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`shortcuts.${meaning}`)}</dd>
          </div>
        ))}
      </dl>
      <p className="help">{t('shortcuts.note')}</p>
      <label className="check">
        <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} />
        {t('shortcuts.on')}
      </label>
      <div className="dialog-actions">
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </Dialog>
  )
}
