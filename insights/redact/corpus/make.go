package corpus

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"heed/insights/redact/tagger"
)

//go:embed sentences.txt
var sentences string

// Made gives n utterances of our own, with invented people's data, half of
// them with the question that was asked.
func Made(n int, r *rand.Rand) []tagger.Row {
	lines := templates()
	f := filler{r}
	out := make([]tagger.Row, 0, n)
	for range n {
		asked, said, ok := strings.Cut(lines[r.IntN(len(lines))], "|")
		if !ok {
			asked, said = "", asked
		}
		row := f.fill(said)
		if asked != "" {
			row.Asked = strings.Join(f.fill(asked).Words, " ")
		}
		out = append(out, row)
	}
	return out
}

func templates() []string {
	var out []string
	for line := range strings.Lines(sentences) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// filler fills templates with invented data.
type filler struct{ *rand.Rand }

func (f filler) fill(said string) tagger.Row {
	var row tagger.Row
	for w := range strings.FieldsSeq(said) {
		slot, ok := strings.CutPrefix(w, "{")
		if !ok {
			row.Words, row.Labels = append(row.Words, w), append(row.Labels, "")
			continue
		}
		slot, _, _ = strings.Cut(slot, "}")
		slot, kind, given := strings.Cut(slot, ":")
		if !given {
			kind = slotKind[slot]
		}
		for v := range strings.FieldsSeq(f.value(slot)) {
			row.Words, row.Labels = append(row.Words, v), append(row.Labels, kind)
		}
	}
	return row
}

// slotKind gives the kind of slots that have only one; the others are nobody's.
var slotKind = table(`name=name first=name surname=name spelled=name address=address street=address zip=postcode
	email=email phone=phone date=date ssn=national_id account=account_number card=card_number password=password
	user=username iban=bank_account`)

const (
	roads = `street st road rd avenue ave lane ln drive dr court ct boulevard blvd way place terrace close crescent
		square trail highway parkway garden gardens grove hill view`
	states = `al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh
		ok or pa ri sc sd tn tx ut vt va wa wv wi wy texas florida california ohio ontario kent georgia`
	towns = `springfield riverside fairview georgetown salem madison clinton franklin bristol dover milton newport
		oxford ashland burlington manchester cleveland boston chicago denver seattle austin dallas phoenix portland
		london leeds york bath derby mumbai chennai delhi pune toronto calgary sydney perth paris berlin madrid`
	things = `burger fries cola lemonade pizza mushrooms garlic salad chicken sandwich coffee milkshake cookie cheddar
		peppers onion olives router modem laptop printer keyboard guitar speaker phone charger cable headset monitor
		browser antivirus spreadsheet calendar backup firmware tablet camera sofa mattress lamp kettle jacket boots
		sweater dress blanket windshield bumper truck bicycle motorcycle sedan suitcase backpack mozzarella basil
		espresso smoothie nuggets wrap burrito bagel steak soup noodles rice curry taco waffle donut cereal cheese ham
		tuna shrimp lettuce pickles mustard ketchup mayo syrup vanilla chocolate strawberry caramel mocha latte spicy
		crispy grilled roasted fresh classic deluxe jumbo regular gluten organic frozen leather cotton wireless portable
		stainless wooden digital premium standard basic unlimited roaming broadband fibre hotspot satellite`
	before = `north south east west upper lower old new great saint`
	ending = `ville ton burg ford field wood port land mouth haven stead berg shire dale`
	hosts  = `gmail.com yahoo.com hotmail.com outlook.com aol.com icloud.com mail.com gmailcom yahoocom hotmailcom
		company.net example.org bt.co.uk live.com`
	firms  = `inc ltd llc group solutions company corp partners systems bank foods motors services`
	months = `january february march april may june july august september october november december jan feb aug sept oct
		nov dec`
	weekdays = `monday tuesday friday sunday yesterday today tomorrow`
)

func (f filler) of(list string) string {
	words := strings.Fields(list)
	return words[f.IntN(len(words))]
}

// digits draws a number of n digits.
func (f filler) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + f.IntN(10))
	}
	return string(b)
}

// letters draws n letters.
func (f filler) letters(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + f.IntN(26))
	}
	return string(b)
}

// invented makes a word that sounds like one.
func (f filler) invented() string {
	var b strings.Builder
	for range 2 + f.IntN(2) {
		b.WriteString(f.of("b br c ch d dr f g gr h j k kr l m n p r s sh st t th v w y z"))
		b.WriteString(f.of("a e i o u ai ee ou ia an en in on ar er or al el am"))
	}
	return b.String()
}

func (f filler) first() string {
	if f.IntN(3) == 0 {
		return f.invented()
	}
	names := tagger.Names()
	return names[f.IntN(len(names))]
}

func (f filler) surname() string {
	if f.IntN(3) == 0 {
		return f.invented() + f.of("son man ez i an ski ova er s wala")
	}
	return f.first()
}

func (f filler) name() string {
	switch f.IntN(6) {
	case 0, 1:
		return f.first()
	case 2:
		return f.of("mr mrs ms miss doctor") + " " + f.surname()
	case 3:
		return f.first() + " " + f.letters(1) + " " + f.surname()
	default:
		return f.first() + " " + f.surname()
	}
}

// value draws what a slot stands for.
func (f filler) value(slot string) string {
	switch slot {
	case "name":
		return f.name()
	case "first":
		return f.first()
	case "surname":
		return f.surname()
	case "spelled":
		return strings.Join(strings.Split(f.surname(), ""), " ")
	case "company":
		return f.invented() + " " + f.of(firms)
	case "thing":
		return f.of(things)
	case "city":
		return f.city()
	case "date":
		return f.date()
	case "address", "street", "zip", "email", "phone":
		return f.contact(slot)
	case "password", "pin", "user", "booking", "policy", "model", "flight", "seat":
		return f.code(slot)
	default:
		return f.number(slot)
	}
}

func (f filler) city() string {
	switch f.IntN(4) {
	case 0:
		return f.of(before) + " " + f.invented() + f.of(ending)
	case 1:
		return f.invented() + f.of(ending)
	default:
		return f.of(towns)
	}
}

func (f filler) street() string {
	name := f.first()
	switch f.IntN(4) {
	case 0:
		name = f.of("1st 2nd 3rd 4th 5th 12th first second third fifth")
	case 1:
		name = f.of("main oak park lake maple cedar church mill high station bridge river spring") + f.of(" wood field side")
	}
	number := f.digits(1 + f.IntN(5))
	if f.IntN(6) == 0 {
		number = "no " + number
	}
	return number + " " + name + " " + f.of(roads)
}

func (f filler) contact(slot string) string {
	switch slot {
	case "street":
		return f.street()
	case "zip":
		return f.pick(f.digits(5), f.digits(5), f.digits(6), f.digits(3)+" "+f.digits(3),
			f.letters(2)+f.digits(1)+" "+f.digits(1)+f.letters(2))
	case "email":
		user := f.pick(f.first(), f.first()+"."+f.surname(), f.first()+"_"+f.surname(), f.first()+f.digits(2), f.letters(1)+f.surname())
		if f.IntN(6) == 0 { // typed without its marks
			return user + f.pick("", " ", " "+f.digits(2)+" ") + f.of("gmailcom yahoocom hotmailcom outlookcom mailcom aolcom")
		}
		return user + "@" + f.of(hosts)
	case "phone":
		return f.pick(f.digits(10), f.digits(3)+" "+f.digits(3)+" "+f.digits(4), f.digits(3)+"-"+f.digits(3)+"-"+f.digits(4),
			"0"+f.digits(10), "+1 "+f.digits(10), f.digits(7))
	}
	flat := f.pick("", "", "", " "+f.of("apt suite unit flat apartment")+" "+f.digits(1+f.IntN(3)))
	return strings.Join(strings.Fields(f.street()+flat+" "+f.pick(f.city(), "")+" "+f.pick(f.of(states), "")+
		" "+f.pick(f.digits(5), "")), " ")
}

func (f filler) date() string {
	day := fmt.Sprint(1 + f.IntN(28))
	return f.pick(day+" "+f.of(months), f.of(months)+" "+day, day+" th "+f.of(months)+" "+f.of("2018 2019 2021"),
		fmt.Sprintf("%02d%02d20%02d", 1+f.IntN(28), 1+f.IntN(12), 10+f.IntN(15)), f.of(weekdays),
		fmt.Sprintf("%d/%d/19%02d", 1+f.IntN(12), 1+f.IntN(28), 40+f.IntN(60)), f.of(months)+" "+day+" 19"+f.digits(2))
}

// code draws what mixes letters and digits, and words that are secrets.
func (f filler) code(slot string) string {
	switch slot {
	case "password":
		return f.pick(f.invented(), f.of(things), f.of(things)+f.digits(2+f.IntN(3)), f.first()+f.digits(3), f.digits(4),
			f.letters(2)+" "+f.digits(4), f.digits(6), f.of(things)+" "+f.digits(2))
	case "pin":
		return f.digits(4 + f.IntN(3))
	case "user":
		return f.pick(f.first()+f.digits(1+f.IntN(4)), f.letters(1)+f.surname(), f.first()+"_"+f.letters(1), f.invented(), f.first()+" "+f.digits(2))
	case "seat":
		return f.pick(f.digits(1)+" "+f.of("a b c d e f"), f.of("a b c d e f")+" "+f.digits(1), f.digits(2)+f.of("a b c d e f"))
	case "flight":
		return f.letters(2) + " " + f.digits(3)
	case "model":
		return f.pick(f.letters(3), f.letters(2), f.letters(1)) + f.pick("", " ") + f.digits(2+f.IntN(2))
	case "policy":
		return f.pick(f.letters(2)+f.digits(6), f.letters(3)+" "+f.digits(5), f.digits(8), f.digits(4), f.letters(1)+f.digits(9), f.digits(6), f.mixture())
	}
	return f.mixture()
}

// mixture draws two to four short groups of letters and of digits.
func (f filler) mixture() string {
	var b strings.Builder
	figures := f.IntN(2) == 0
	for i := range 2 + f.IntN(3) {
		if i > 0 {
			b.WriteString(f.pick(" ", " ", ""))
		}
		if figures {
			b.WriteString(f.digits(1 + f.IntN(3)))
		} else {
			b.WriteString(f.letters(1 + f.IntN(3)))
		}
		figures = !figures
	}
	return b.String()
}

func (f filler) number(slot string) string {
	switch slot {
	case "last4":
		return f.digits(4)
	case "ssn":
		return f.pick(f.digits(9), f.digits(3)+"-"+f.digits(2)+"-"+f.digits(4), f.digits(3)+" "+f.digits(2)+" "+f.digits(4))
	case "account":
		return f.digits(4 + f.IntN(7))
	case "card":
		return f.pick(f.digits(16), f.digits(4)+" "+f.digits(4)+" "+f.digits(4)+" "+f.digits(4), f.digits(15))
	case "sort":
		return f.pick(f.digits(6), f.digits(2)+"-"+f.digits(2)+"-"+f.digits(2))
	case "routing":
		return f.digits(9)
	case "iban":
		return f.pick("gb", "de", "fr", "es", "is") + f.digits(2) + f.pick(f.digits(18), " "+f.digits(4)+" "+f.digits(4)+" "+f.digits(4)+" "+f.digits(4))
	case "amount":
		return f.pick(f.digits(2)+" dollars", "$"+f.digits(2), f.digits(3), f.digits(1)+"000", f.digits(2)+".50", f.digits(4)+" usd")
	case "time":
		return f.pick(f.digits(1)+" pm", f.digits(1)+" 30 am", f.digits(1)+"15 pm", "1"+f.digits(1)+" 45")
	}
	return f.pick("1", "2", "3", "5", "10", "12", "20") // small
}

func (f filler) pick(of ...string) string { return of[f.IntN(len(of))] }
