package search

import (
	"path/filepath"
	"slices"
	"testing"

	"heed/insights"
	"heed/internal/event"
)

// A word is found in its other forms, in the language in which it was said,
// also after a restart, and a filter says the same.
func TestFormsOfManyLanguages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "search")
	filters, err := NewFilters("")
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct{ language, said, asked string }{
		{"ar", "أريد إلغاء عقودي من فضلك", "إلغاء"},
		{"ar-EG", "الكتاب وصل متأخرا", "كتاب"},
		{"da", "jeg ringer om mine regninger", "regning"},
		{"de-AT", "die Rechnungen sind falsch", "Rechnung"},
		{"es", "mis facturas son muy caras", "factura"},
		{"fi", "haluan perua tilaukset", "tilauksen"},
		{"fr", "l'abonnement et les factures", "abonnements"},
		{"it", "le bollette sono sbagliate", "bolletta"},
		{"nb", "jeg vil si opp abonnementene", "abonnement"},
		{"nl", "de facturen kloppen niet", "facturen"},
		{"pt-BR", "quero cancelar as faturas", "fatura"},
		{"ru", "я хочу отменить заказы", "заказ"},
		{"sv", "jag vill betala fakturorna", "fakturor"},
		{"tr", "siparişler gelmedi", "sipariş"},
		{"hy", "ես ուզում եմ չեղարկել պատվերը", "պատվերը"},
		{"is", "ég vil segja upp samningnum", "samningnum"},
	} {
		x := open(t, dir, Options{}) // each time anew
		e := spokenIn(c.language, int64(i+1), insights.Customer, c.said)
		if err := x.Handle(t.Context(), []event.Event{e}); err != nil {
			t.Fatal(err)
		}
		id, said := saidOf(t, e)
		if got := find(t, x, Query{Text: c.asked}); !slices.Contains(got, id) {
			t.Errorf("%s: %q finds %v, not %q", c.language, c.asked, got, c.said)
		}
		f, err := filters.Compile(c.asked)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := f.Match(filters.Cut(said)); !ok {
			t.Errorf("%s: a filter leaves out what %q asks for", c.language, c.asked)
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
