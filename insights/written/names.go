package written

import "strings"

// proper holds words that are always written with their capitals. Words that
// are something else as well ("mark", "turkey", "apple") are not in it. Built
// once and never changed.
var proper = buildProper()

func buildProper() map[string]string {
	m := make(map[string]string, 700)
	for w := range strings.FieldsSeq(days + places + languages + people) {
		m[w] = capital(w)
	}
	for w := range strings.FieldsSeq(letterNames) {
		m[w] = strings.ToUpper(w)
	}
	for w := range strings.FieldsSeq(brands) {
		m[strings.ToLower(w)] = w
	}
	m["wifi"] = "Wi-Fi"
	m["tvs"], m["pcs"], m["ids"], m["cds"], m["dvds"], m["atms"] = "TVs", "PCs", "IDs", "CDs", "DVDs", "ATMs"
	return m
}

// firstNames are those in which a surname can follow; never changed.
var firstNames = wordSet(people)

func wordSet(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// common are names of people that are everyday words as well; never changed.
var common = wordSet(`young brown white green black gray grey king rose bill baker cook long short price park parks page
	hall wood woods stone fields field hill rivers lake west east north south day summer winter grace hope faith joy mark
	art gene ray pat sue rich frank guy chase chance miles penny crystal amber ruby carter porter mason cooper fisher
	hunter taylor butler knight bishop parker best good love little small strong wise sharp swift bell ball bush
	banks bond cash rice reed wells waters story marsh moody power powers sweet`)

// phrases are names of several words, by their first; never changed.
var phrases = buildPhrases()

func buildPhrases() map[string][]name {
	m := make(map[string][]name)
	for full := range strings.SplitSeq(several+","+severalPlaces, ",") {
		n := name{as: strings.Fields(full)}
		n.words = strings.Fields(strings.ToLower(full))
		m[n.words[0]] = append(m[n.words[0]], n)
	}
	return m
}

const (
	days = ` monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
		saturdays sundays christmas easter thanksgiving halloween ramadan hanukkah diwali january february april june july
		august september october november december `
	places = ` america england britain scotland wales ireland london paris berlin madrid rome vienna dublin edinburgh
		manchester birmingham liverpool glasgow bristol leeds boston chicago houston dallas austin seattle denver miami
		atlanta philadelphia detroit minneapolis baltimore pittsburgh cleveland cincinnati orlando tampa sacramento
		portland nashville memphis brooklyn manhattan queens toronto montreal vancouver ottawa calgary sydney melbourne
		brisbane perth auckland tokyo osaka beijing shanghai singapore mumbai delhi bangalore chennai kolkata hyderabad
		dubai istanbul moscow amsterdam brussels zurich geneva munich hamburg frankfurt barcelona lisbon oslo stockholm
		copenhagen helsinki reykjavik warsaw prague budapest athens cairo lagos nairobi johannesburg canada mexico
		australia india germany france spain italy austria switzerland netherlands belgium luxembourg denmark sweden
		norway finland iceland poland greece portugal russia ukraine romania bulgaria croatia serbia hungary israel egypt
		morocco nigeria kenya ghana ethiopia japan korea thailand vietnam indonesia malaysia philippines pakistan
		bangladesh brazil argentina colombia peru venezuela cuba europe asia africa california texas florida alabama
		alaska arizona arkansas colorado connecticut delaware hawaii idaho illinois indiana iowa kansas kentucky louisiana
		maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon
		pennsylvania tennessee utah vermont virginia wisconsin wyoming ontario quebec `
	languages = ` english spanish french german italian portuguese dutch swedish norwegian danish finnish icelandic polish
		russian ukrainian greek turkish arabic hebrew hindi urdu punjabi bengali tamil telugu chinese mandarin cantonese
		japanese korean vietnamese thai indonesian american british canadian mexican australian european indian irish
		scottish welsh african asian brazilian `
	people = ` james john robert michael david william richard joseph thomas charles christopher daniel matthew anthony
		donald steven steve paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob
		gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick dennis
		jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter christian keith
		roger terry austin sean gerald carl dylan harold jordan jesse bryan lawrence arthur gabriel bruce logan billy joe
		alan juan elijah willie albert wayne randy mason vincent liam roy bobby caleb bradley russell lucas mary patricia
		jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily
		donna michelle carol amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen angela
		shirley brenda emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet maria
		catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea
		hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann anne kathryn abigail sophia frances
		jean alice judy isabella julia denise danielle marilyn beverly charlotte natalie theresa diana brittany doris
		kayla alexis lori marie mohammed muhammad ahmed ali omar fatima aisha yusuf hassan ibrahim priya raj rahul anjali
		sanjay deepak sunita carlos luis miguel pedro javier diego sofia elena carmen pierre jacques hans klaus jürgen
		wei ling mei hiroshi yuki kenji olga ivan dmitri sergei natasha jane tom mike dave jim jimmy tim tony chris alex
		kate katie jenny jen liz beth becky debbie sandy mandy greg jeff josh zach ben sam dan danny nick andy ken ron
		oliver harry charlie oscar leo theo freddie archie ella mia ava zoe lucy molly phoebe ellie mateo lucia jamal
		kwame amara chidi ngozi sven lars erik björn ingrid astrid freya sigrid gudrun olaf `
	letterNames = ` pin tv usb sim atm vpn dvd cd gps pdf sms mms lte hdmi dsl id faq ssn irs ceo uk usa eu vip asap eta ups
		dhl fbi cia nhs hmrc dvla pc ip url isp html api cpu gpu ssd hd iban bic cvv cvc otp mfa rsvp diy suv mot sql `
	brands = ` Wi-Fi iPhone iPad iPod Android Bluetooth Google Gmail Facebook Instagram WhatsApp YouTube Netflix Spotify
		PayPal Mastercard Microsoft Samsung MacBook iCloud Hotmail Yahoo Skype FaceTime LinkedIn TikTok eBay Siri
		Alexa Nokia Sony Toyota Honda Ford Uber FedEx Walmart Tesla AirPods Chromecast Xbox Venmo iOS macOS `
	severalPlaces = "New York,Los Angeles,San Francisco,San Diego,San Antonio,San Jose,Las Vegas,Salt Lake City,New Orleans," +
		"New Jersey,New Mexico,New Hampshire,North Carolina,South Carolina,North Dakota,South Dakota,West Virginia," +
		"Rhode Island,Washington DC,Kansas City,Oklahoma City,United States,United Kingdom,United Arab Emirates," +
		"Great Britain,Northern Ireland,New Zealand,South Africa,Saudi Arabia,Costa Rica,Puerto Rico,Hong Kong," +
		"Sri Lanka,Czech Republic,Tel Aviv,Abu Dhabi,Cape Town,New Delhi"
	several = "Black Friday,Cyber Monday,Good Friday," +
		"New Years Eve,New Year's Eve,New Year's Day,Boxing Day,Mother's Day,Father's Day,Labor Day," +
		"Memorial Day,Google Pay,Apple Pay,Apple Watch,Apple Music,Google Maps,Google Play,Amazon Prime,American Express," +
		"Western Union,Wells Fargo,Bank of America"
)
