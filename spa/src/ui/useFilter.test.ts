import { describe, expect, it } from 'vitest'

import { fold } from '@/ui/useFilter'

describe('fold', () => {
  it.each(['ﾉｰﾄＰＣ', 'ノートPC', 'のーとｐｃ'])('makes %s the same as the others', (text) => {
    expect(fold(text)).toBe('のーとpc')
  })
})
