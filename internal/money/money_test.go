package money

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func of(t testing.TB, code string) Currency {
	c, err := Parse(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	eur, yen, dinar := of(t, "eur"), of(t, "JPY"), of(t, "BHD")
	for _, c := range []struct {
		of      Currency
		text    string
		decimal rune
		want    int64
		says    string // of the error
	}{
		{eur, "1234.5", 0, 123450, ""},
		{eur, "1,234.50", 0, 123450, ""},
		{eur, "1.234,50", 0, 123450, ""},
		{eur, "1 234,50", 0, 123450, ""},
		{eur, "1'234.50", 0, 123450, ""},
		{eur, "1,234,567", 0, 123456700, ""},
		{eur, "0", 0, 0, ""},
		{eur, "-12,3", 0, -1230, ""},
		{eur, "+7", 0, 700, ""},
		{eur, "1.500", ',', 150000, ""},
		{eur, "1.500", '.', 150, ""},
		{eur, "0.120", 0, 12, ""},
		{eur, "1.500", 0, 0, "thousands or a fraction"},
		{eur, "1,234", 0, 0, "write 1234 or 1.2340"},
		{eur, "1.2345", 0, 0, "finer than the smallest unit of EUR"},
		{eur, "12,34,5", 0, 0, "no amount"},
		{eur, "12€", 0, 0, "no amount"},
		{eur, "", 0, 0, "no amount"},
		{eur, ".", 0, 0, "no amount"},
		{eur, "1e9", 0, 0, "no amount"},
		{eur, strings.Repeat("9", 30), 0, 0, "larger"},
		{yen, "1500", 0, 1500, ""},
		{yen, "1500.5", 0, 0, "finer"},
		{dinar, "1.5", 0, 1500, ""},
	} {
		got, err := c.of.Read(c.text, c.decimal)
		if c.says == "" && (err != nil || got != c.want) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%q: %d, %v; want %d, %q", c.text, got, err, c.want, c.says)
		}
	}
	for _, code := range []string{"", "EURO", "12", "ZZZ1"} {
		if _, err := Parse(code); err == nil {
			t.Errorf("%q is a currency", code)
		}
	}
}

// What is written is read as the same amount.
func TestTextIsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := of(t, rapid.SampledFrom([]string{"EUR", "JPY", "BHD"}).Draw(rt, "currency"))
		amount := rapid.Int64Range(-Largest, Largest).Draw(rt, "amount")
		got, err := c.Read(c.Text(amount), '.')
		if err != nil || got != amount {
			rt.Fatalf("%d is written %s and read %d: %v", amount, c.Text(amount), got, err)
		}
		small := amount % 1_000_000_000
		if back, ok := c.Round(c.Float(small)); !ok || back != small {
			rt.Fatalf("%d is sent %v and read %d", small, c.Float(small), back)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"1234.50", "1.234,50", "-0,5", "1,234", "'1", "٣"} {
		f.Add(s)
	}
	c := of(f, "EUR")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := c.Read(s, 0)
		if err != nil {
			return
		}
		if back, err := c.Read(c.Text(got), '.'); err != nil || back != got {
			t.Errorf("%q is %d, written %s, read %d: %v", s, got, c.Text(got), back, err)
		}
	})
}
