package segment

import (
	"fmt"
	"math"
	"strings"
)

// props gives the properties of a fact that signals and policies read, under
// Heed's names. What else came stays in the timeline.
func props(fact string, in map[string]any) map[string]any {
	out := map[string]any{}
	put := func(name string, v any, ok bool) {
		if ok {
			out[name] = v
		}
	}
	product, ok := first(in, "product", "product_id", "productId", "sku")
	put("product", product, ok)
	category, ok := first(in, "category")
	put("category", category, ok)
	products(out, in)
	order, ok := first(in, "order_id", "orderId", "order")
	put("order", order, ok)
	if strings.HasPrefix(fact, "contact.") {
		decision := decisionOf(in)
		put("decision", decision, decision != "")
	}
	put("id", reference(fact, in), reference(fact, in) != "")
	value, ok := number(in, "value", "total", "revenue", "price")
	put("value", value, ok)
	if happy, said := in["happy"].(bool); said {
		out["happy"] = happy
	}
	if fact == "rating" {
		stars(out, in)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// products takes the products of an order or a cart, each once.
func products(out, in map[string]any) {
	list, _ := in["products"].([]any)
	var ids, categories []any
	add := func(to []any, v string, ok bool) []any {
		for _, have := range to {
			ok = ok && have != v
		}
		if ok && len(to) < maxProduct {
			to = append(to, v)
		}
		return to
	}
	for _, item := range list {
		p, _ := item.(map[string]any)
		id, ok := first(p, "product_id", "productId", "sku", "product")
		ids = add(ids, id, ok)
		category, ok := first(p, "category")
		categories = add(categories, category, ok)
	}
	if len(ids) > 0 {
		out["products"] = ids
	}
	if len(categories) > 0 {
		out["categories"] = categories
	}
}

// reference gives the id of the trouble that a fact opens or closes. For a
// payment it is what is paid, not the attempt: the next attempt mends it.
func reference(fact string, in map[string]any) string {
	kind, _, _ := strings.Cut(fact, ".")
	var ref string
	switch kind {
	case "payment":
		ref, _ = first(in, "id", "invoice_id", "order_id", "orderId", "subscription_id", "payment_id")
	case "ticket", "complaint":
		ref, _ = first(in, "id", kind+"_id", kind+"Id", "case_id")
	}
	return ref
}

// first gives the first of some properties that is a text or a number, as text.
func first(in map[string]any, names ...string) (string, bool) {
	for _, name := range names {
		switch v := in[name].(type) {
		case string:
			if v = strings.TrimSpace(v); v != "" && len(v) <= 200 {
				return v, true
			}
		case float64:
			return fmt.Sprintf("%.15g", v), true
		}
	}
	return "", false
}

func number(in map[string]any, names ...string) (float64, bool) {
	for _, name := range names {
		if v, ok := in[name].(float64); ok && !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v, true
		}
	}
	return 0, false
}

// stars brings one to five stars to -1..1.
func stars(out, in map[string]any) {
	delete(out, "value")
	if n, ok := number(in, "rating", "stars"); ok && n >= 1 && n <= 5 {
		out["value"] = (n - 3) / 2
	} else if v, ok := number(in, "value"); ok && v >= -1 && v <= 1 {
		out["value"] = v
	}
}
