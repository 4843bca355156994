package decide

import (
	"io/fs"

	"heed/internal/customer"
)

type Catalogue struct{}

type Options struct {
	Catalogue *Catalogue
	Gamma     float64
}

type Decider struct{ o Options }

func LoadCatalogue(fsys fs.FS) (*Catalogue, error) { return &Catalogue{}, nil }

func New(o Options) (*Decider, error) { return &Decider{o}, nil }

func (d *Decider) Decide(id string, r Request) Decision {
	return Decision{ID: id, At: r.At, Slot: r.Slot, Channel: r.Channel, Subject: r.Profile.ID, CallID: r.CallID}
}

func (d *Decider) Affected(prev Decision, changed []string) bool { return true }

func (d *Decider) Learn(c Choice, o Outcome) {}

func InfluenceOf(c Choice, o Outcome) []customer.Influence { return nil }
