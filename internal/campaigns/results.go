package campaigns

// Results are what each campaign, source, keyword or page brought and cost.
// Amounts are in the currency's main unit.
type Results struct {
	From     string `json:"from" example:"2026-03-01"`
	To       string `json:"to" example:"2026-03-31"`
	By       By     `json:"by" enum:"campaign,source,keyword,landing" example:"campaign"`
	Model    string `json:"model" enum:"first,last,linear,position" doc:"By which the return on spend is" example:"linear"`
	Currency string `json:"currency" example:"EUR"`
	Rows     []Row  `json:"rows" doc:"The most expensive first, then those with the most calls; the one without a name is what came from nowhere that is known"`
	More     int    `json:"more,omitempty" doc:"Rows beyond the 500 that are listed; they are in the total"`
	Total    Row    `json:"total"`
	Left     Left   `json:"left_out"`
	// Assumptions stand under the figures.
	Assumptions []string `json:"assumptions" doc:"What the figures assume, as sentences to show under them"`
}

// Row is what one of them brought and cost.
type Row struct {
	Name      string   `json:"name" example:"Fibre Spring"`
	Sources   []string `json:"sources,omitempty" doc:"Where its calls and costs came from" example:"[\"google\"]"`
	Calls     int      `json:"calls" example:"120"`
	Qualified int      `json:"qualified_calls" example:"48"`
	Themes    []Count  `json:"themes" doc:"Of its calls, the most frequent first"`
	Intents   []Count  `json:"intents"`
	Outcomes  []Count  `json:"outcomes"`
	// Orders are those in which it has a part; one may count for several rows.
	Orders  int      `json:"orders" doc:"In which it has a part; an order may count for several rows" example:"21"`
	Revenue Revenue  `json:"revenue"`
	Cost    *float64 `json:"cost,omitempty" doc:"Absent where none is known" example:"412.5"`
	PerCall *float64 `json:"cost_per_qualified_call,omitempty" example:"8.59"`
	OnSpend *float64 `json:"return_on_spend,omitempty" doc:"Revenue by the model for each unit of cost" example:"3.2"`
}

// Revenue is what was bought, by each model.
type Revenue struct {
	First    float64 `json:"first" example:"1320"`
	Last     float64 `json:"last" example:"1290.5"`
	Linear   float64 `json:"linear" example:"1304.2"`
	Position float64 `json:"position" example:"1309"`
}

// Count is how many calls have something.
type Count struct {
	Name  string `json:"name" example:"late delivery"`
	ID    string `json:"id,omitempty" doc:"Of a theme" example:"late-delivery"`
	Calls int    `json:"calls" example:"17"`
}

// Left is what is not in the figures, or in those of nobody.
type Left struct {
	OtherCurrency int `json:"orders_in_another_currency" doc:"In no revenue" example:"1"`
	NoAmount      int `json:"orders_without_amount" doc:"Counted as nothing" example:"0"`
	Unwilling     int `json:"orders_of_the_untracked" doc:"In the revenue, and counted to nobody" example:"2"`
	GivenBack     int `json:"orders_given_back" doc:"Of which nothing is left; in no figure" example:"1"`
	Repeated      int `json:"orders_told_again" doc:"The same order number, counted once" example:"3"`
}
