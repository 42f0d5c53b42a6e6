// May somebody come back, and then apply: the ten lines of tests/clients/README.md.

import jp.okaeri.ApiClient;
import jp.okaeri.ApiException;
import jp.okaeri.api.ApplicationsApi;
import jp.okaeri.api.DecisionsApi;
import jp.okaeri.model.ApplicationInput;
import jp.okaeri.model.PersonQuestion;
import jp.okaeri.model.Verdict;

final class Question {
    static ApiClient connect(String base, String credential) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(base);
        return client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + credential));
    }

    static String mayComeBack(ApiClient client, String person, String regulation) throws ApiException {
        var question = new PersonQuestion().regulationId(regulation);
        var asked = new DecisionsApi(client).askForPerson(person, question, null);
        if (asked.getVerdict() != Verdict.ELIGIBLE) return asked.getSummary().getEn();
        var application = new ApplicationInput().personId(person).regulationId(regulation);
        return new ApplicationsApi(client).createApplication(application, null, null).getId();
    }
}
