// Package notice reads what people are told and asked: who answers for their
// data, what each purpose is, and the exact words of each question, versioned
// and in several languages.
//
// It only reads. A text that was ever shown must stay in the files, for a
// ledger holds no more of it than its id, version, language and hash.
package notice

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"heed/internal/consent"
	"heed/internal/strict"
)

// Notice is what the files of a folder say. It is not changed after Load.
type Notice struct {
	Controller Controller
	Rights     string // how a person uses their rights
	Purposes   []About
	wordings   []wording
}

// Controller answers for the data.
type Controller struct {
	Name    string `yaml:"name" json:"name"`
	Contact string `yaml:"contact" json:"contact"`
	Address string `yaml:"address" json:"address,omitempty"`
}

// About is one purpose in words for people.
type About struct {
	Purpose   consent.Purpose `yaml:"purpose" json:"purpose"`
	Title     string          `yaml:"title" json:"title"`
	Data      []string        `yaml:"data" json:"data"`
	Basis     consent.Basis   `yaml:"basis" json:"basis"`
	Retention string          `yaml:"retention" json:"retention"`
}

// Wording is one wording in one language.
type Wording struct {
	ID       string `json:"id"`
	Version  int    `json:"version"`
	Language string `json:"language"`
	Hash     string `json:"hash"` // hex SHA-256 of Text
	Text     string `json:"text"`
}

type wording struct {
	ID      string            `yaml:"id"`
	Purpose consent.Purpose   `yaml:"purpose"`
	Channel string            `yaml:"channel"`
	Version int               `yaml:"version"`
	Texts   map[string]string `yaml:"texts"`
}

type file struct {
	Version    int        `yaml:"version"`
	Controller Controller `yaml:"controller"`
	Rights     string     `yaml:"rights"`
	Purposes   []About    `yaml:"purposes"`
	Wordings   []wording  `yaml:"wordings"`
}

// Load reads the *.yaml files of a folder. The error is a [strict.Problem]
// with file, line, field, reason and hint.
func Load(folder fs.FS) (*Notice, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("notice: %w", err)
	}
	n := &Notice{}
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("notice: %w", err)
		}
		if err := n.read(name, raw); err != nil {
			return nil, err
		}
	}
	if n.Controller.Name == "" || n.Controller.Contact == "" {
		return nil, &strict.Problem{File: "*.yaml", Reason: "no file names a controller", Hint: "controller: {name: ..., contact: ...} says who answers for the data"}
	}
	return n, nil
}

func (n *Notice) read(name string, raw []byte) error {
	var f file
	doc, err := strict.Read(name, raw, &f)
	if err != nil {
		return err
	}
	if f.Version != 1 {
		return doc.Problem("version", "must be 1", "the version of the format, on the first line")
	}
	if f.Controller.Name != "" {
		n.Controller = f.Controller
	}
	if f.Rights != "" {
		n.Rights = f.Rights
	}
	for i, p := range f.Purposes {
		if !slices.Contains(consent.Purposes(), p.Purpose) {
			return doc.Problem(fmt.Sprintf("purposes[%d].purpose", i), fmt.Sprintf("%q is no purpose", p.Purpose), fmt.Sprintf("one of %v", consent.Purposes()))
		}
		if p.Title == "" {
			return doc.Problem(fmt.Sprintf("purposes[%d].title", i), "is missing", "the purpose in words for people")
		}
	}
	n.Purposes = append(n.Purposes, f.Purposes...)
	for i := range f.Wordings {
		if field, reason := n.fault(&f.Wordings[i]); reason != "" {
			return doc.Problem(fmt.Sprintf("wordings[%d]%s", i, field), reason, "")
		}
		n.wordings = append(n.wordings, f.Wordings[i])
	}
	return nil
}

func (n *Notice) fault(w *wording) (field, reason string) {
	switch {
	case w.ID == "" || len(w.ID) > 200:
		return ".id", "must have 1 to 200 bytes"
	case w.Version < 1:
		return ".version", "counts from 1"
	case !slices.Contains(consent.Purposes(), w.Purpose):
		return ".purpose", fmt.Sprintf("%q is no purpose", w.Purpose)
	case w.Channel != "" && !slices.Contains(consent.Channels(), w.Channel):
		return ".channel", fmt.Sprintf("%q is no channel", w.Channel)
	case len(w.Texts) == 0:
		return ".texts", "there is no text"
	case slices.ContainsFunc(n.wordings, func(o wording) bool { return o.ID == w.ID && o.Version == w.Version }):
		return ".version", "is there already; a text that was used stays as it is"
	}
	return faultOf(w.Texts)
}

func faultOf(texts map[string]string) (field, reason string) {
	for language, text := range texts {
		if language == "" || strings.TrimSpace(text) == "" || len(text) > 4000 {
			return ".texts", "each language has a text of at most 4000 bytes"
		}
	}
	return "", ""
}

// Wording gives one text by its id; version 0 is the latest, and a language
// that it lacks is served by a wider one ("de-AT" by "de"), then by English.
func (n *Notice) Wording(id string, version int, language string) (Wording, bool) {
	var best *wording
	for i := range n.wordings {
		w := &n.wordings[i]
		if w.ID == id && (version == w.Version || version == 0) && (best == nil || w.Version > best.Version) {
			best = w
		}
	}
	if best == nil {
		return Wording{}, false
	}
	return best.in(language)
}

func (w *wording) in(language string) (Wording, bool) {
	base, _, _ := strings.Cut(language, "-")
	for _, l := range []string{language, strings.ToLower(base), "en"} {
		if text, ok := w.Texts[l]; ok {
			return Wording{w.ID, w.Version, l, HashOf(text), text}, true
		}
	}
	return Wording{}, false
}

// For gives the latest text that asks for a cell: that of its channel, else
// that of its purpose.
func (n *Notice) For(purpose consent.Purpose, channel, language string) (Wording, bool) {
	for _, c := range []string{channel, ""} {
		var best *wording
		for i := range n.wordings {
			w := &n.wordings[i]
			if w.Purpose == purpose && w.Channel == c && (best == nil || w.Version > best.Version) {
				best = w
			}
		}
		if best == nil {
			continue
		}
		if t, ok := best.in(language); ok {
			return t, true
		}
	}
	return Wording{}, false
}

// Of gives a purpose in words for people.
func (n *Notice) Of(p consent.Purpose) About {
	for _, known := range n.Purposes {
		if known.Purpose == p {
			return known
		}
	}
	return About{Purpose: p, Title: string(p)}
}

// HashOf sums up a text.
func HashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
