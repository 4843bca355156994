package google

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"cloud.google.com/go/speech/apiv2/speechpb"
	"golang.org/x/text/language"
)

// Limits of an inline phrase set (the quotas page of the service's document).
const (
	maxPhrases     = 1200
	maxPhraseRunes = 100
)

// errNoLanguage stands for an empty language tag.
var errNoLanguage = errors.New("no language")

// region gives the tag as the service lists it, with a region: "en" is en-US.
// Mandarin is listed as cmn, with its script.
func region(tag string) (string, error) {
	if tag == "" {
		return "", errNoLanguage
	}
	t, err := language.Parse(tag)
	if err != nil {
		return "", fmt.Errorf("%q: %w", tag, err)
	}
	base, _, _ := t.Raw()
	where, _ := t.Region() // the likely one when there is none
	if base.String() == "und" || !where.IsCountry() && where.String() != "419" {
		return "", fmt.Errorf("%q: %w", tag, errNoLanguage)
	}
	if base.String() == "zh" {
		script, _ := t.Script()
		return fmt.Sprintf("cmn-%s-%s", script, where), nil
	}
	return base.String() + "-" + where.String(), nil
}

// usable keeps the phrases that the service takes, the first ones when there
// are too many.
func usable(phrases []string) []string {
	var out []string
	seen := make(map[string]bool, len(phrases))
	for _, p := range phrases {
		if p == "" || seen[p] || !utf8.ValidString(p) || utf8.RuneCountInString(p) > maxPhraseRunes {
			continue
		}
		if len(out) == maxPhrases {
			break
		}
		seen[p] = true
		out = append(out, p)
	}
	return out
}

// recognizer is the resource's full name.
func (o Options) recognizer() string {
	return fmt.Sprintf("projects/%s/locations/%s/recognizers/%s", o.Project, o.Location, o.Recognizer)
}

// opening is the first message of a stream: everything but audio.
func (e *Engine) opening(rate int) *speechpb.StreamingRecognizeRequest {
	config := &speechpb.RecognitionConfig{
		DecodingConfig: &speechpb.RecognitionConfig_ExplicitDecodingConfig{
			ExplicitDecodingConfig: &speechpb.ExplicitDecodingConfig{
				Encoding:          speechpb.ExplicitDecodingConfig_LINEAR16,
				SampleRateHertz:   int32(rate),
				AudioChannelCount: 1,
			},
		},
		Model:         e.o.Model,
		LanguageCodes: []string{e.o.Language},
		Features:      &speechpb.RecognitionFeatures{EnableWordTimeOffsets: true, EnableWordConfidence: true},
		Adaptation:    adaptation(e.phrases, e.o.Boost),
	}
	return &speechpb.StreamingRecognizeRequest{
		Recognizer: e.o.recognizer(),
		StreamingRequest: &speechpb.StreamingRecognizeRequest_StreamingConfig{
			StreamingConfig: &speechpb.StreamingRecognitionConfig{
				Config:            config,
				StreamingFeatures: &speechpb.StreamingRecognitionFeatures{InterimResults: true},
			},
		},
	}
}

// adaptation is an inline phrase set; nil without phrases.
func adaptation(phrases []string, boost float64) *speechpb.SpeechAdaptation {
	if len(phrases) == 0 {
		return nil
	}
	set := &speechpb.PhraseSet{Boost: float32(boost)}
	for _, p := range phrases {
		set.Phrases = append(set.Phrases, &speechpb.PhraseSet_Phrase{Value: p})
	}
	return &speechpb.SpeechAdaptation{
		PhraseSets: []*speechpb.SpeechAdaptation_AdaptationPhraseSet{{
			Value: &speechpb.SpeechAdaptation_AdaptationPhraseSet_InlinePhraseSet{InlinePhraseSet: set},
		}},
	}
}
