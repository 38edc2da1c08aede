import { DOCUMENT_KINDS } from './content-types.tsx';

/** What the choice takes. */
export interface KindChoiceProps {
  readonly value: string;
  readonly onChange: (contentType: string) => void;
}

/** One of the kinds of documents, each with what it is for. */
export const KindChoice = ({ value, onChange }: KindChoiceProps) => (
  <fieldset className="kinds">
    <legend className="field-label">Kind</legend>
    {DOCUMENT_KINDS.map(({ contentType, name, icon, text }) => (
      <label key={contentType} className="kind">
        <input
          type="radio"
          name="contentType"
          value={contentType}
          checked={contentType === value}
          onChange={() => onChange(contentType)}
        />
        <span className="kind-icon">{icon}</span>
        <span>
          <span className="kind-name">{name}</span>
          <span className="kind-text">{text}</span>
        </span>
      </label>
    ))}
  </fieldset>
);
