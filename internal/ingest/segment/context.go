package segment

import "encoding/json"

// readContext reads the parts of the context that are used. The rest, such as
// the address of the machine, is not kept.
func (m *message) readContext(f fields, env envelope) *bad {
	raw := f["context"]
	if !f.has("context") {
		raw = env.context
	}
	if len(raw) == 0 {
		return nil
	}
	if depth(raw) > deepest {
		return &bad{"context", "nests too deep"}
	}
	c, err := parseObject(raw, "context")
	if err != nil {
		return err
	}
	for _, step := range []func(fields) *bad{m.context.readPage, m.context.readPlace, m.context.readDevice, m.context.readConsent} {
		if err := step(c); err != nil {
			return inside("context.", err)
		}
	}
	m.context.traits, err = c.object("traits")
	if err != nil {
		return inside("context.", err)
	}
	return checkTraits(m.context.traits, "context.traits.")
}

// inside puts the path before the name of a field.
func inside(path string, err *bad) *bad { return &bad{path + err.Field, err.Reason} }

func (a *about) readPage(c fields) *bad {
	p, err := c.part("page", "page")
	if err != nil {
		return err
	}
	for _, t := range []into{{"path", &a.page.path}, {"url", &a.page.url}, {"title", &a.page.title}, {"referrer", &a.page.referrer}} {
		if *t.to, err = p.text(t.name, 2048); err != nil {
			return inside("page.", err)
		}
	}
	return nil
}

func (a *about) readPlace(c fields) (err *bad) {
	if a.locale, err = c.text("locale", 35); err != nil {
		return err
	}
	a.zone, err = c.text("timezone", 64)
	return err
}

func (a *about) readDevice(c fields) *bad {
	d, err := c.part("device", "device")
	if err != nil {
		return err
	}
	if a.device, err = d.id("id"); err != nil {
		return inside("device.", err)
	}
	l, err := c.part("library", "library")
	if err != nil {
		return err
	}
	if a.library, err = l.text("name", 100); err != nil {
		return inside("library.", err)
	}
	return nil
}

// readConsent reads the person's choices by category. Where there are none
// nothing is allowed by this message.
func (a *about) readConsent(c fields) *bad {
	said, err := c.part("consent", "consent")
	if err != nil {
		return err
	}
	if !said.has("categoryPreferences") {
		return nil
	}
	if json.Unmarshal(said["categoryPreferences"], &a.consent) != nil {
		return &bad{"consent.categoryPreferences", "must be an object of true and false"}
	}
	if len(a.consent) > 50 {
		return &bad{"consent.categoryPreferences", "has more than 50 categories"}
	}
	return nil
}
