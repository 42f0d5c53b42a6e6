// May somebody come back, and then apply: the ten lines of the guide.

package main

import (
	"context"

	"okaeri.example/okaeri"
)

func mayComeBack(base, credential, person, regulation string) (string, error) {
	configuration := okaeri.NewConfiguration()
	configuration.Servers = okaeri.ServerConfigurations{{URL: base}}
	client := okaeri.NewAPIClient(configuration)
	as := context.WithValue(context.Background(), okaeri.ContextAccessToken, credential)
	question := *okaeri.NewPersonQuestion(regulation)
	asked, _, err := client.DecisionsAPI.AskForPerson(as, person).PersonQuestion(question).Execute()
	if err != nil || asked.Verdict != okaeri.VERDICT_ELIGIBLE {
		return asked.GetSummary().En, err
	}
	application := *okaeri.NewApplicationInput(person, regulation)
	begun, _, err := client.ApplicationsAPI.CreateApplication(as).ApplicationInput(application).Execute()
	return begun.GetId(), err
}
