import type { FileProblem } from '@/api/organization'
import { formatNumber } from '@/language/format'
import { useLanguage } from '@/language/useLanguage'

/** What is wrong with the files, line by line, each with what to do about it. */
export function ProblemsView({ problems, count }: { problems: FileProblem[]; count: number }) {
  const { t } = useLanguage()
  return (
    <section className="organization-part" aria-labelledby="problems">
      <h2 id="problems">{t('organization.problems', { number: formatNumber(count) })}</h2>
      <p>{t('organization.problemsText')}</p>
      <ul className="cards">
        {problems.map((problem, index) => (
          <li key={index} className="card">
            <strong>
              {problem.line === null ? problem.file : t('organization.place', { file: problem.file, line: formatNumber(problem.line) })}
              {problem.column !== '' && <span className="row-type">{problem.column}</span>}
            </strong>
            <p>{problem.problem}</p>
            <p>{problem.remedy}</p>
          </li>
        ))}
      </ul>
      {count > problems.length && <p className="more">{t('organization.more', { number: formatNumber(count - problems.length) })}</p>}
    </section>
  )
}
