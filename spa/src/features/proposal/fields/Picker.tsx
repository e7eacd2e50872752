import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { departmentsQuery, peopleQuery } from '@/api/queries'
import type { FoundDepartment, FoundPerson } from '@/api/types'
import { nameOf } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'
import { Combobox } from '@/ui/Combobox'
import { Name, PostPlace } from '@/ui/Person'
import { useDebounced } from '@/ui/useDebounced'

import type { Named } from '../references'

type PickerProps = {
  id: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  chosen: Named | null
  onChoose: (chosen: Named | null) => void
}

const SETTLE_MS = 150

function useSearch() {
  const [text, setText] = useState<string | null>(null) // null: nobody has looked yet
  const settled = useDebounced(text, SETTLE_MS)
  return { text, setText, q: settled ?? '', enabled: settled !== null, settling: text !== settled }
}

export function PersonPicker({ chosen, onChoose, ...rest }: PickerProps) {
  const { language } = useLanguage()
  const search = useSearch()
  const found = useQuery({ ...peopleQuery(search.q), enabled: search.enabled, placeholderData: keepPreviousData })
  return (
    <Combobox<FoundPerson>
      {...rest}
      chosen={chosen ? nameOf(chosen, language) : ''}
      options={found.data?.results ?? []}
      searching={search.settling || found.isFetching}
      failed={found.isError}
      keyOf={(person) => String(person.id)}
      draw={(person) => (
        <>
          <span>
            <Name of={person} />
          </span>
          <span className="option-more">
            {person.post && <PostPlace of={person.post} />} {person.employee_number}
          </span>
        </>
      )}
      onSearch={search.setText}
      onChoose={onChoose}
    />
  )
}

export function DepartmentPicker({ chosen, onChoose, ...rest }: PickerProps) {
  const { language } = useLanguage()
  const search = useSearch()
  const found = useQuery({ ...departmentsQuery(search.q), enabled: search.enabled, placeholderData: keepPreviousData })
  return (
    <Combobox<FoundDepartment>
      {...rest}
      chosen={chosen ? nameOf(chosen, language) : ''}
      options={found.data?.results ?? []}
      searching={search.settling || found.isFetching}
      failed={found.isError}
      keyOf={(department) => String(department.id)}
      draw={(department) => (
        <>
          <span>
            <Name of={department} />
          </span>
          <span className="option-more">
            {department.path.map((above) => nameOf(above, language)).join(' › ')} {department.code}
          </span>
        </>
      )}
      onSearch={search.setText}
      onChoose={onChoose}
    />
  )
}
