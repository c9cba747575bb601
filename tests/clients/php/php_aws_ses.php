<?php
// Replays what php-aws-ses 0.9.5 (daniel-zahariev/php-aws-ses) sends, with PHP's own curl: neither Debian nor npm has the library, so
// this is code of our own. It follows the library in what a server sees of it:
// - https only, to a host whose first two labels are the service and the region that it signs for;
// - Host and X-Amz-Date signed, no Version, parameters in the order of their names, a blank as a plus sign;
// - one curl handle for everything, so that a GET after a POST has an empty form as its body;
// - display names and subjects as one encoded word, and a raw message with LF line ends, Bcc and no Source.

declare(strict_types=1);

$host = getenv('SIGNET_HOST');
$curl = curl_init();
curl_setopt_array($curl, [
    CURLOPT_USERAGENT => 'SimpleEmailService/php', CURLOPT_SSL_VERIFYHOST => 2, CURLOPT_SSL_VERIFYPEER => true,
    CURLOPT_CAINFO => getenv('SIGNET_CERTIFICATE'), CURLOPT_RESOLVE => ["$host:127.0.0.1"], CURLOPT_FOLLOWLOCATION => true,
    CURLOPT_RETURNTRANSFER => true,
]);

/** Calls an action. Gives the status and the XML of the answer. */
function call(string $verb, array $parameters): array
{
    global $curl, $host;
    ksort($parameters);
    $form = http_build_query($parameters, '', '&', PHP_QUERY_RFC1738);
    $at = gmdate('Ymd\THis\Z');
    $headers = ["X-Amz-Date: $at", "Host: $host", 'Authorization: ' . authorization($verb, $form, $at)];
    if ($verb === 'POST') {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $form);
        $headers[] = 'Content-Type: application/x-www-form-urlencoded';
    }

    curl_setopt($curl, CURLOPT_CUSTOMREQUEST, $verb);
    curl_setopt($curl, CURLOPT_HTTPHEADER, $headers);
    curl_setopt($curl, CURLOPT_URL, "https://$host/" . ($verb === 'POST' ? '' : "?$form"));
    $body = curl_exec($curl);
    if ($body === false) {
        fail(curl_error($curl));
    }

    curl_setopt($curl, CURLOPT_POSTFIELDS, '');
    return [curl_getinfo($curl, CURLINFO_HTTP_CODE), simplexml_load_string($body)];
}

function authorization(string $verb, string $form, string $at): string
{
    global $host;
    [$service, $region] = explode('.', $host);
    [$query, $body] = $verb === 'POST' ? ['', $form] : [$form, ''];
    $request = "$verb\n/\n$query\nhost:$host\nx-amz-date:$at\n\nhost;x-amz-date\n" . hash('sha256', $body);
    $scope = substr($at, 0, 8) . "/$region/$service/aws4_request";
    $key = 'AWS4' . getenv('AWS_SECRET_ACCESS_KEY');
    foreach (explode('/', $scope) as $part) {
        $key = hash_hmac('sha256', $part, $key, true);
    }

    $signature = hash_hmac('sha256', "AWS4-HMAC-SHA256\n$at\n$scope\n" . hash('sha256', $request), $key);
    return 'AWS4-HMAC-SHA256 Credential=' . getenv('AWS_ACCESS_KEY_ID') . "/$scope, SignedHeaders=host;x-amz-date, Signature=$signature";
}

/** Waits for the one mail to an address. */
function arrived(string $to): array
{
    $list = inspect('?' . http_build_query(['wait' => 10, 'to' => $to]))['messages'];
    same(1, count($list), "mails to $to");
    return inspect('/' . $list[0]['id']);
}

function inspect(string $path): array
{
    return json_decode(file_get_contents(getenv('SIGNET_INSPECTION') . '/_signet/messages' . $path), true, 64, JSON_THROW_ON_ERROR);
}

function same(mixed $expected, mixed $actual, string $what): void
{
    if ($expected !== $actual) {
        fail("$what: expected " . var_export($expected, true) . ', not ' . var_export($actual, true));
    }

    echo "ok: $what\n";
}

function fail(string $why): never
{
    fwrite(STDERR, "failed: $why\n");
    exit(1);
}

/** As the library writes a mailbox: the name with the blank that follows it. */
function mailbox(string $name, string $address): string
{
    return '=?UTF-8?B?' . base64_encode("$name ") . "?= <$address>";
}

$unique = bin2hex(random_bytes(6));
[$from, $to, $cc, $bcc] = ['news@shop.test', "to-$unique@client.test", "cc-$unique@client.test", "bcc-$unique@client.test"];

[$status, $answer] = call('POST', [
    'Action' => 'SendEmail', 'Source' => mailbox('Grüße vom Laden', $from), 'Destination.ToAddresses.member.1' => mailbox('Ann', $to),
    'Destination.CcAddresses.member.1' => $cc, 'Destination.BccAddresses.member.1' => $bcc, 'ReplyToAddresses.member.1' => 'answers@shop.test',
    'Message.Subject.Data' => 'Grüße & mehr', 'Message.Subject.Charset' => 'UTF-8', 'Message.Body.Text.Data' => "Text ~ a+b=c\n",
    'Message.Body.Text.Charset' => 'UTF-8', 'Message.Body.Html.Data' => '<p>100 % 日本語</p>', 'Message.Body.Html.Charset' => 'UTF-8',
    'Tags.member.1.Name' => 'campaign', 'Tags.member.1.Value' => 'spring',
]);
same(200, $status, 'SendEmail: ' . $answer->asXML());
$mail = arrived($to);
same((string) $answer->SendEmailResult->MessageId, $mail['message']['id'], 'the MessageId of SendEmail');
same(true, (string) $answer->ResponseMetadata->RequestId !== '', 'the RequestId of SendEmail');
same('Grüße & mehr', $mail['message']['subject'], 'the subject');
same(['Text ~ a+b=c', '<p>100 % 日本語</p>'], [trim($mail['text']), trim($mail['html'])], 'the bodies');
same([$to, $cc, $bcc], array_column($mail['message']['deliveries'], 'recipient'), 'the recipients');

[$status, $answer] = call('GET', ['Action' => 'GetSendQuota']);
same(200, $status, 'GetSendQuota by GET');
same('50', (string) (float) $answer->GetSendQuotaResult->MaxSendRate, 'the rate');
[$status, $answer] = call('GET', ['Action' => 'ListVerifiedEmailAddresses']);
same(200, $status, 'ListVerifiedEmailAddresses by GET');
same('ListVerifiedEmailAddressesResponse', $answer->getName(), 'the name of its answer');

$rawTo = "raw-$unique@client.test";
[$status, $answer] = call('POST', ['Action' => 'SendRawEmail', 'RawMessage.Data' => base64_encode(implode("\n", [
    'X-SES-MESSAGE-TAGS: campaign=spring', 'To: ' . mailbox('Ann', $rawTo), "From: $from", "BCC: $bcc",
    'Subject: =?UTF-8?B?' . base64_encode('Rechnung März') . '?=', 'MIME-Version: 1.0',
    'Content-type: Multipart/Mixed; boundary="1234.5678"', '', '--1234.5678',
    'Content-type: Multipart/Alternative; boundary="alt-1234.5678"', '', '--alt-1234.5678', 'Content-Type: text/plain; charset="UTF-8"', '',
    'Anbei die Rechnung für März.', '', '--alt-1234.5678--', '', '--1234.5678', 'Content-Type: application/pdf; name="rechnung.pdf"',
    'Content-Disposition: attachment', 'Content-Transfer-Encoding: base64', '', chunk_split(base64_encode("%PDF-1.4\n\0\xff"), 76, "\n"),
    '--1234.5678--', '',
]))]);
same(200, $status, 'SendRawEmail: ' . $answer->asXML());
$mail = arrived($rawTo);
same((string) $answer->SendRawEmailResult->MessageId, $mail['message']['id'], 'the MessageId of SendRawEmail');
same('Rechnung März', $mail['message']['subject'], 'the subject of the raw mail');
same('Anbei die Rechnung für März.', trim($mail['text']), 'the text of the raw mail');
same(['rechnung.pdf'], array_column($mail['attachments'], 'name'), 'its attachment');
same([$rawTo, $bcc], array_column($mail['message']['deliveries'], 'recipient'), 'its recipients');
same([], array_filter($mail['headers'], fn ($h) => strtolower($h['name']) === 'bcc'), 'no Bcc goes out');

[$status, $answer] = call('POST', [
    'Action' => 'SendEmail', 'Source' => 'nobody@other.test', 'Destination.ToAddresses.member.1' => $to, 'Message.Subject.Data' => 's',
    'Message.Body.Text.Data' => 't',
]);
same([400, 'MessageRejected'], [$status, (string) $answer->Error->Code], 'a refusal');
