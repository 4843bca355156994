package corpus

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"heed/insights/redact/tagger"
)

// slots gives the kind of each MultiDoGO slot that is somebody's data, and of
// those that are easily taken for it.
const slots = `name=name ssn=national_id card_number=card_number account_number=account_number
target_account_number=account_number policyid=account_number claimid=account_number account_id=account_number
booking_confirmation_number=account_number order_number=account_number address=address email_address=email
phone_number=phone phonenumber=phone password=password username=username current_zipcode=postcode
new_zipcode=postcode current_city=place new_city=place arrival_city=place departure_city=place
company_name=organization start_date=date end_date=date charge_date=date lastuseddate=date date=date`

// entities gives the kind of each type of the Presidio sentences.
const entities = `PERSON=name STREET_ADDRESS=address EMAIL_ADDRESS=email PHONE_NUMBER=phone CREDIT_CARD=card_number
US_SSN=national_id US_DRIVER_LICENSE=account_number IBAN_CODE=bank_account ZIP_CODE=postcode GPE=place
ORGANIZATION=organization DATE_TIME=date AGE=person_detail NRP=person_detail TITLE=person_detail`

func table(list string) map[string]string {
	out := make(map[string]string)
	for pair := range strings.FieldsSeq(list) {
		key, kind, _ := strings.Cut(pair, "=")
		out[key] = kind
	}
	return out
}

var (
	slotKinds   = table(slots)
	entityKinds = table(entities)
)

// Kind gives the kind of a label of either set; empty when it has none.
func Kind(label string) string {
	if k := slotKinds[label]; k != "" {
		return k
	}
	return entityKinds[label]
}

// Turn is a labelled utterance with the labels as its set gives them.
type Turn struct {
	Words  []string
	Labels []string // empty for none
}

// Row gives the turn with the kinds of its labels, to learn from.
func (t Turn) Row() tagger.Row {
	r := tagger.Row{Words: t.Words, Labels: make([]string, len(t.Labels))}
	for i, l := range t.Labels {
		r.Labels[i] = Kind(l)
	}
	return r
}

// MultiDoGO reads a table of turns with a slot a word. Rows that do not have
// six fields, or not one slot a word, are left out, as the set's own readers do.
func MultiDoGO(r io.Reader) ([]Turn, error) {
	var out []Turn
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 6 || fields[0] == "conversationId" {
			continue
		}
		t := Turn{Words: strings.Fields(fields[3]), Labels: strings.Fields(fields[4])}
		if len(t.Words) == 0 || len(t.Words) != len(t.Labels) {
			continue
		}
		for i, l := range t.Labels {
			if l == "O" {
				t.Labels[i] = ""
			}
		}
		out = append(out, t)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read MultiDoGO: %w", err)
	}
	return out, nil
}

// Sentence is a text with marked stretches.
type Sentence struct {
	Text     string `json:"full_text"`
	Template int    `json:"template_id"`
	Spans    []struct {
		Type string `json:"entity_type"`
		From int    `json:"start_position"` // characters, not bytes
		To   int    `json:"end_position"`
	} `json:"spans"`
}

// Presidio reads Presidio-research's file of synthetic sentences.
func Presidio(r io.Reader) ([]Sentence, error) {
	var out []Sentence
	if err := json.NewDecoder(r).Decode(&out); err != nil {
		return nil, fmt.Errorf("read Presidio sentences: %w", err)
	}
	return out, nil
}

// Turn cuts a sentence at its spaces; a word that holds any of a marked
// stretch has its label.
func (s Sentence) Turn() Turn {
	var t Turn
	runes := []rune(s.Text)
	for at := 0; at < len(runes); {
		if unicode.IsSpace(runes[at]) {
			at++
			continue
		}
		end := at
		for end < len(runes) && !unicode.IsSpace(runes[end]) {
			end++
		}
		label := ""
		for _, p := range s.Spans {
			if p.From < end && p.To > at {
				label = p.Type
			}
		}
		t.Words, t.Labels = append(t.Words, string(runes[at:end])), append(t.Labels, label)
		at = end
	}
	return t
}
