package app

import (
	"cmp"
	"log/slog"

	"heed/internal/config"
	"heed/internal/model"
	"heed/transcribe/pocketsphinx"
	"heed/transcribe/sherpa"
)

// EngineCheck says whether an engine could be used with the settings.
type EngineCheck struct {
	Name, Note string
	Remote     bool
	Err        error  // why not
	Remedy     string // what mends it
}

// CheckEngines looks at every engine there is. It dials nothing.
func CheckEngines(c config.Config) []EngineCheck {
	checks := []EngineCheck{
		{
			Name: "sherpa", Note: "sherpa-onnx in a process of its own; the default",
			Err: checkSherpa(c), Remedy: "heed model pull; go mod download " + model.RuntimeModule,
		},
		{
			Name: "pocketsphinx", Note: "last resort: about one word in two is wrong on the telephone",
			Err: pocketsphinx.Find(), Remedy: "apt-get install pocketsphinx pocketsphinx-en-us",
		},
	}
	m := &maker{config: c, log: slog.New(slog.DiscardHandler)}
	for _, h := range hostedEngines() {
		e, err := m.hosted(h.name)
		if err == nil && e.Close != nil {
			err = e.Close()
		}
		checks = append(checks, EngineCheck{Name: h.name, Note: h.note, Remote: true, Err: err, Remedy: h.remedy})
	}
	return checks
}

func checkSherpa(c config.Config) error {
	inUse, err := ModelsInUse(c)
	if err != nil {
		return err
	}
	m := &maker{config: c}
	found, err := model.Find(ModelDirs(c), cmp.Or(inUse[m.language()], model.SmallEnglish))
	if err != nil {
		return err
	}
	runtime, err := model.FindRuntime(RuntimeDirs(c))
	if err != nil {
		return err
	}
	return sherpa.Available(runtime, found.Dir)
}
